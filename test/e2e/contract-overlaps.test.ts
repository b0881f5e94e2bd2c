import { overlapContract } from '../contract/overlaps.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

overlapContract(realLaboratory);
