import { kindsContract } from '../contract/kinds/contract.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

kindsContract(realLaboratory);
