import { jest } from '@jest/globals';
import { brokenLinkContract } from '../contract/broken-links.ts';
import { simulatedLaboratory } from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

brokenLinkContract(simulatedLaboratory);
