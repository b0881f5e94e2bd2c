import { jest } from '@jest/globals';
import { interruptContract } from '../contract/interrupts.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

interruptContract(simulatedLaboratory);
