import type { Catalogue } from './catalogue.ts';
import { requestFaults, type FaultKind, type RequestFault, type Swarm } from './faults.ts';
import type { Random } from './prng.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How often a fault with weight 1 strikes where it may. */
const rates: Readonly<Partial<Record<FaultKind, number>>> = {
  crashBefore: 0.006,
  crashAfter: 0.006,
  resetBefore: 0.03,
  resetAfter: 0.03,
  hang: 0.01,
  late: 0.05,
  serverError: 0.04,
  throttled: 0.04,
  unauthorized: 0.02,
  forbidden: 0.005,
  conflict: 0.1,
  staleList: 0.25,
  watchLost: 0.1,
  watchDuplicated: 0.15,
  watchReordered: 0.15,
  watchLate: 0.1,
  watchClosed: 0.05,
  watchExpired: 0.1,
  pdb: 0.4,
};

/** Whether a fault strikes now. Each that does is in the catalogue. */
export class Dice {
  readonly #random: Random;
  readonly #time: VirtualTime;
  readonly #calmAt: number;
  readonly #catalogue: Catalogue;
  readonly #swarm: Swarm;
  readonly #requests: readonly RequestFault[];

  constructor(
    random: Random,
    time: VirtualTime,
    calmAt: number,
    swarm: Swarm,
    catalogue: Catalogue,
  ) {
    this.#random = random;
    this.#time = time;
    this.#calmAt = calmAt;
    this.#swarm = swarm;
    this.#catalogue = catalogue;
    this.#requests = requestFaults.filter(
      (kind) => swarm.has(kind) && kind !== 'crashBefore' && kind !== 'crashAfter',
    );
  }

  get isCalm(): boolean {
    return this.#time.now >= this.#calmAt;
  }

  strikes(kind: FaultKind): boolean {
    const weight = this.#swarm.get(kind);
    if (weight === undefined || this.isCalm) return false;
    if (!this.#random.chance(weight * (rates[kind] ?? 1))) return false;
    this.#catalogue.fault(kind);
    return true;
  }

  /** What happens to one request, besides the end of its sender. */
  onRequest(writes: boolean): RequestFault | undefined {
    return this.#requests.find((kind) => (kind !== 'conflict' || writes) && this.strikes(kind));
  }
}
