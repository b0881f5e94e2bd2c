import { jest } from '@jest/globals';
import { diagnosticsContract } from '../contract/diagnostics.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

diagnosticsContract(simulatedLaboratory);
