import { diagnosticsContract } from '../contract/diagnostics.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

diagnosticsContract(realLaboratory);
