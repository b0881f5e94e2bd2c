import { jest } from '@jest/globals';
import { kindsContract } from '../contract/kinds/contract.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

kindsContract(simulatedLaboratory);
