import { interruptContract } from '../contract/interrupts.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

interruptContract(realLaboratory);
