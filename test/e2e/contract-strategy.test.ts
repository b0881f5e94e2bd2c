import { strategyContract } from '../contract/strategy/contract.ts';
import { realLaboratory } from './support/fleet/real-laboratory.ts';

strategyContract(realLaboratory);
