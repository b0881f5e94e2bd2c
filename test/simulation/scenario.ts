import type { AccountId, Region, RoleArn } from '../../src/names/arn.ts';
import type { PlannedTarget, PlannedWorkloads, RestartPlan } from '../../src/plan/restart-plan.ts';
import type { Instant } from '../../jobs/restart/core/instant.ts';
import { drawSwarm, type Swarm } from './faults.ts';
import type { Random } from './prng.ts';
import { drawGroups, drawNamespaces, type NamespaceOf } from './scenario-workloads.ts';
import { drawStrategy } from './scenario-strategy.ts';
import { epoch } from './world/workload.ts';

/** A Job of the hub: pods of it are started again until one comes to an end that is final. */
export interface PlannedJob {
  readonly name: string;
  readonly plan: RestartPlan;
  readonly digest: string;
  readonly instant: Instant;
  readonly dryRun: boolean;
  /** Of a restart by another name, with a hub record of its own. */
  readonly other: boolean;
  /** Virtual milliseconds. */
  readonly startsAt: number;
  readonly retries: number;
}

export interface Scenario {
  readonly plan: RestartPlan;
  readonly swarm: Swarm;
  readonly jobs: readonly PlannedJob[];
  readonly namespaces: readonly (readonly NamespaceOf[])[];
  /** From here on nothing goes wrong any more. Virtual milliseconds. */
  readonly calmAt: number;
}

const one = '111122223333' as AccountId;

export function drawScenario(random: Random): Scenario {
  const swarm = drawSwarm(random);
  const clusters = random.pick([1, 1, 2, 2, 3, 4, 6]);
  const waves = random.between(1, Math.min(3, clusters));
  const strategy = drawStrategy(random, waves, swarm);
  const namespaces = Array.from({ length: clusters }, () => drawNamespaces(random));
  const shards = random.pick([1, 1, 2, 3]);
  const targets = namespaces.map((spaces, index): PlannedTarget => {
    const name = `c${index}`;
    return {
      cluster: name,
      eksCluster: name,
      account: one,
      region: 'eu-west-1' as Region,
      partition: 'aws',
      roleArn: `arn:aws:iam::${one}:role/target` as RoleArn,
      wave: index < waves ? index : random.between(0, waves - 1),
      shard: random.between(0, shards - 1),
      ...(random.chance(0.04) && { paused: true as const }),
      workloads: drawGroups(random, spaces),
    };
  });
  const plan: RestartPlan = {
    version: 2,
    fleet: 'soak',
    restart: 'nightly',
    service: 'restarter',
    cronJob: 'nightly',
    identity: {
      kind: 'irsa',
      roleArn: `arn:aws:iam::${one}:role/hub` as RoleArn,
      region: 'eu-west-1' as Region,
    },
    record: {
      namespace: 'hub',
      configMaps: Array.from({ length: shards }, (_, index) => `record-${index}`),
      lease: 'lock',
    },
    strategy,
    targets,
  };
  const calmAt = random.pick([10, 20, 40]) * 60_000;
  return { plan, swarm, namespaces, calmAt, jobs: drawJobs(random, plan, swarm, calmAt) };
}

function drawJobs(
  random: Random,
  plan: RestartPlan,
  swarm: Swarm,
  calmAt: number,
): readonly PlannedJob[] {
  const main: PlannedJob = {
    name: 'main',
    plan,
    digest: 'd1',
    instant: epoch,
    dryRun: swarm.has('dryRun') && random.chance(0.5),
    other: false,
    startsAt: 0,
    retries: 4,
  };
  const jobs = [main];
  const soon = (): number => random.between(0, random.pick([5_000, 120_000, calmAt]));
  if (swarm.has('duplicate')) jobs.push({ ...main, name: 'twin', startsAt: soon() });
  if (swarm.has('dryRun')) jobs.push({ ...main, name: 'dry', dryRun: true, startsAt: soon() });
  if (swarm.has('otherPlan')) {
    jobs.push({ ...main, name: 'changed', digest: 'd2', startsAt: soon(), retries: 1 });
  }
  if (swarm.has('laterRun')) {
    const startsAt = soon();
    const instant = epoch + Math.floor(startsAt / 60_000) * 60_000 + random.pick([0, 60_000]);
    jobs.push({ ...main, name: 'later', instant, startsAt, dryRun: false });
  }
  if (swarm.has('otherRestart')) {
    const startsAt = soon();
    const instant =
      epoch + Math.floor(startsAt / 60_000) * 60_000 - random.pick([0, 60_000, 3_600_000]);
    const other = { ...plan, restart: 'weekly', targets: plan.targets.map(alone) };
    jobs.push({
      ...main,
      name: 'other',
      plan: other,
      instant,
      startsAt,
      other: true,
      dryRun: false,
    });
  }
  return jobs;
}

/** The same workloads without their order. */
const alone = (target: PlannedTarget): PlannedTarget => ({
  ...target,
  workloads: target.workloads.map(({ namespace, kind, names, selector }): PlannedWorkloads => ({
    namespace,
    kind,
    names,
    ...(selector && { selector }),
  })),
});
