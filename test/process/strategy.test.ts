import { jest } from '@jest/globals';
import { strategyContract } from '../contract/strategy/contract.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

strategyContract(simulatedLaboratory);
