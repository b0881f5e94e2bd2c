import { runContract } from '../contract/runs.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

runContract(realLaboratory);
