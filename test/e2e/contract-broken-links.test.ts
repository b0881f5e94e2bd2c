import { brokenLinkContract } from '../contract/broken-links.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

brokenLinkContract(realLaboratory);
