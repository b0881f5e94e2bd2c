import { outcomeContract } from '../contract/outcomes.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

outcomeContract(realLaboratory);
