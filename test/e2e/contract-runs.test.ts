import { runContract } from '../contract/runs.ts';
import { realLaboratory } from './support/real-laboratory.ts';

runContract(realLaboratory);
