import { overlapContract } from '../contract/overlaps.ts';
import { realLaboratory } from './support/real-laboratory.ts';

overlapContract(realLaboratory);
