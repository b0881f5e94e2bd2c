import { outcomeContract } from '../contract/outcomes.ts';
import { realLaboratory } from './support/real-laboratory.ts';

outcomeContract(realLaboratory);
