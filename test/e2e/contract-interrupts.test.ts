import { interruptContract } from '../contract/interrupts.ts';
import { realLaboratory } from './support/real-laboratory.ts';

interruptContract(realLaboratory);
