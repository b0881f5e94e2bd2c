import type { Denial, Needed } from '../../jobs/restart/core/events.ts';
import type { Diagnosis, Observed, WorkloadQuery } from '../../jobs/restart/ports.ts';
import { Catalogue } from './catalogue.ts';
import type { Core } from './core-under-test.ts';
import { Dice } from './dice.ts';
import type { Swarm } from './faults.ts';
import { History } from './history.ts';
import { SimHub } from './hub.ts';
import { checkRecord } from './invariants/record.ts';
import { Random } from './prng.ts';
import { drawGate, type GateState } from './process/checks.ts';
import { Referee } from './referee.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { VirtualTime } from './virtual-time.ts';
import { keyOf, SimCluster } from './world/cluster.ts';

/** One seed's world, and all that is in it. */
export class Simulation {
  readonly random: Random;
  readonly time = new VirtualTime();
  readonly history: History;
  readonly catalogue = new Catalogue();
  readonly scenario: Scenario;
  readonly dice: Dice;
  readonly core: Core;
  readonly referee: Referee;
  readonly hub: SimHub;
  /** Of restarts by another name. */
  readonly otherHub: SimHub;
  steps = 0;
  processes = 0;
  readonly #clusters: readonly SimCluster[];
  readonly #born: readonly number[];
  readonly #gates = new Map<string, { readonly from: number; readonly then: GateState }>();
  readonly #denied: string | undefined;

  constructor(seed: number, core: Core, keepsHistory: boolean) {
    this.random = new Random(seed);
    this.core = core;
    this.history = new History(keepsHistory);
    this.scenario = drawScenario(this.random);
    const { swarm, calmAt, plan, namespaces } = this.scenario;
    this.dice = new Dice(this.random, this.time, calmAt, swarm, this.catalogue);
    this.referee = new Referee(this);
    const shards = plan.record.configMaps.length;
    const now = (): number => this.time.now;
    this.hub = new SimHub(shards, checkRecord, now);
    this.otherHub = new SimHub(shards, checkRecord, now);
    this.#clusters = namespaces.map((spaces, index) => {
      const cluster = new SimCluster(`c${index}`, this.time);
      for (const one of spaces.flatMap(({ workloads }) => workloads)) {
        cluster.workloads.set(keyOf(one), one);
        cluster.written(one);
      }
      return cluster;
    });
    this.#born = this.#clusters.map(({ resourceVersion }) => resourceVersion);
    this.#denied = this.#drawDenied();
  }

  get swarm(): Swarm {
    return this.scenario.swarm;
  }

  get clusters(): readonly SimCluster[] {
    return this.#clusters;
  }

  cluster(index: number): SimCluster {
    const cluster = this.#clusters[index];
    if (!cluster) throw new RangeError(`no cluster ${index}`);
    return cluster;
  }

  /** As it is, or as some server that lags behind has it. */
  list(
    cluster: SimCluster,
    query: WorkloadQuery,
  ): { readonly items: readonly Observed[]; readonly version: number } {
    const { resourceVersion } = cluster;
    if (!this.dice.strikes('staleList')) {
      return { items: cluster.list(query), version: resourceVersion };
    }
    const floor = this.#born[this.#clusters.indexOf(cluster)] ?? 0;
    const version = Math.max(floor, resourceVersion - this.random.between(1, 12));
    return { items: cluster.list(query, version), version };
  }

  /** What the job may not do there. */
  denials(index: number, needs: readonly Needed[]): readonly Denial[] {
    return needs.flatMap((need): readonly Denial[] => {
      const { kind, namespace } = need.query;
      const place = `c${index}/${kind}/${namespace}`;
      if (this.#denied !== place || this.dice.isCalm) return [];
      this.catalogue.fault('partlyDenied');
      const [name] = need.names;
      const message = `may not patch in ${namespace}`;
      return [{ query: need.query, message, ...(name !== undefined && { name }) }];
    });
  }

  diagnose(index: number, seen: Observed): Diagnosis {
    const one = this.cluster(index).workloads.get(keyOf(seen));
    const stuck = one?.broken === true && one.pods.some(({ ready }) => !ready);
    return { summary: stuck ? 'crash loop' : '', hopeless: stuck };
  }

  gate(key: string): GateState {
    let gate = this.#gates.get(key);
    if (!gate) {
      const drawn = drawGate(this);
      const then = this.dice.isCalm ? 'passed' : drawn.then;
      if (then !== 'passed') this.catalogue.fault('gateFails');
      gate = { from: this.time.now + drawn.from, then };
      this.#gates.set(key, gate);
    }
    return this.time.now < gate.from ? 'notYet' : gate.then;
  }

  #drawDenied(): string | undefined {
    if (!this.swarm.has('partlyDenied')) return undefined;
    const index = this.random.between(0, this.#clusters.length - 1);
    const space = this.random.pick(this.scenario.namespaces[index] ?? []);
    return space && `c${index}/${space.kind}/${space.namespace}`;
  }
}
