import { jest } from '@jest/globals';
import { outcomeContract } from '../contract/outcomes.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

outcomeContract(simulatedLaboratory);
