import { brokenLinkContract } from '../contract/broken-links.ts';
import { realLaboratory } from './support/real-laboratory.ts';

brokenLinkContract(realLaboratory);
