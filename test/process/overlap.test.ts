import { jest } from '@jest/globals';
import { overlapContract } from '../contract/overlaps.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

overlapContract(simulatedLaboratory);
