import { jest } from '@jest/globals';
import { runContract } from '../contract/runs.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

runContract(simulatedLaboratory);
