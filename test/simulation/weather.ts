import { formatInstant } from '../../jobs/restart/core/instant.ts';
import { controlAnnotations } from '../../jobs/restart/record/control.ts';
import { blows, deeds, type Blow, type Deed } from './faults.ts';
import type { Process } from './process/process.ts';
import type { Simulation } from './simulation.ts';
import { keyOf, type SimCluster } from './world/cluster.ts';
import { doTo, madeAnew, mend } from './world/others.ts';
import type { SimWorkload } from './world/workload.ts';

/** Plans what befalls a seed from outside, up to the time when all is calm. */
export function planWeather(sim: Simulation, alive: () => readonly Process[]): void {
  const { random, time, swarm, scenario } = sim;
  const moment = (): number =>
    random.between(
      0,
      Math.min(random.pick([20_000, 90_000, 300_000, scenario.calmAt]), scenario.calmAt - 1),
    );
  for (const deed of deeds) {
    const times = swarm.has(deed) ? random.between(1, 4) : 0;
    for (let count = 0; count < times; count += 1) {
      time.after(moment(), () => {
        tryDeed(sim, deed, 12);
      });
    }
  }
  for (const blow of blows) {
    const times = swarm.has(blow) ? random.between(1, blow === 'operatorStop' ? 1 : 3) : 0;
    for (let count = 0; count < times; count += 1) {
      time.after(moment(), () => {
        strike(sim, blow, alive());
      });
    }
  }
  approve(sim);
  time.after(scenario.calmAt, () => {
    calm(sim);
  });
}

/** Some deeds have to wait until there is something to be done. */
function tryDeed(sim: Simulation, deed: Deed, tries: number): void {
  const { random, time, dice } = sim;
  if (dice.isCalm) return;
  const cluster = random.pick(sim.clusters);
  const one = random.pick([...(cluster?.workloads.values() ?? [])]);
  const done = cluster && one && doOne(sim, cluster, one, deed);
  if (done) {
    sim.catalogue.fault(deed);
    sim.history.add(time.now, cluster.name, `${keyOf(one)} is ${deed}`);
  } else if (tries > 1) {
    time.after(random.between(2_000, 20_000), () => {
      tryDeed(sim, deed, tries - 1);
    });
  }
}

function doOne(sim: Simulation, cluster: SimCluster, one: SimWorkload, deed: Deed): boolean {
  const { random, time } = sim;
  if (deed !== 'recreated') return doTo(cluster, one, deed, time.now, random);
  cluster.remove(one);
  const uid = `${one.uid}+`;
  time.after(random.pick([100, 2_000, 30_000]), () => {
    if (cluster.workloads.has(keyOf(one))) return;
    const next = madeAnew(one, uid);
    if (sim.dice.isCalm) next.broken = false;
    cluster.workloads.set(keyOf(next), next);
    cluster.written(next);
  });
  return true;
}

function strike(sim: Simulation, blow: Blow, alive: readonly Process[]): void {
  const { random, time, hub, catalogue } = sim;
  const process = random.pick(alive);
  const cluster = random.pick(sim.clusters);
  const lasting = random.between(2_000, random.pick([10_000, 120_000, 400_000]));
  const later = (act: () => void): void => {
    time.after(Math.min(lasting, Math.max(0, sim.scenario.calmAt - time.now)), act);
  };
  catalogue.fault(blow);
  sim.history.add(time.now, 'weather', `${blow} ${process?.name ?? ''} ${cluster?.name ?? ''}`);
  switch (blow) {
    case 'sigterm':
      process?.terminate(random.pick([1_000, 25_000, 120_000]));
      return;
    case 'killed':
      process?.crash('by SIGKILL');
      return;
    case 'frozen':
      process?.machine.freeze(random.pick([10_000, 35_000, 90_000]));
      return;
    case 'clockJump':
      process?.machine.jump(random.pick([-1, 1]) * random.between(1_000, 600_000));
      return;
    case 'operatorStop':
      hub.annotate({
        [controlAnnotations.stop]: formatInstant(random.pick(sim.scenario.jobs)?.instant ?? 0),
      });
      return;
    case 'operatorPause':
      hub.annotate({ [controlAnnotations.pause]: 'true' });
      later(() => {
        hub.annotate({ [controlAnnotations.pause]: '' });
      });
      return;
    case 'leaseTaken':
      hub.putLease({ ...hub.lease, holder: 'someone-else' });
      return;
    case 'hubDown':
      hub.isDown = true;
      later(() => {
        hub.isDown = false;
      });
      return;
    case 'blocker':
      hub.blocking = 'an alert fires';
      later(() => {
        hub.blocking = undefined;
      });
      return;
    case 'clusterDown':
    case 'clusterRefuses':
      if (!cluster) return;
      cluster.reach = blow === 'clusterDown' ? 'down' : 'refuses';
      later(() => {
        cluster.reach = 'up';
      });
      return;
    case 'pdb':
      return;
  }
}

/** Approvals come at some time, or never. */
function approve(sim: Simulation): void {
  const { random, time, scenario, hub, otherHub } = sim;
  const { waves } = scenario.plan.strategy;
  if (!waves.some(({ gates }) => gates.some(({ kind }) => kind === 'approval'))) return;
  const all = scenario.jobs.flatMap(({ instant }) =>
    waves.map(({ name }) => `${formatInstant(instant)}/${name}`),
  );
  let told = 0;
  const tell = (count: number): void => {
    told = Math.max(told, count);
    const annotations = { [controlAnnotations.approve]: all.slice(0, told).join(',') };
    hub.annotate(annotations);
    otherHub.annotate(annotations);
  };
  if (sim.swarm.has('neverApproved')) {
    sim.catalogue.fault('neverApproved');
  } else {
    all.forEach((_, index) => {
      time.after(random.between(0, 200_000), () => {
        tell(index + 1);
      });
    });
  }
  time.after(scenario.calmAt, () => {
    tell(all.length);
  });
}

/** All that was broken is mended; what its owner wants stays as it is. */
function calm(sim: Simulation): void {
  for (const hub of [sim.hub, sim.otherHub]) {
    hub.isDown = false;
    hub.blocking = undefined;
    hub.annotate({ [controlAnnotations.pause]: '' });
  }
  for (const cluster of sim.clusters) {
    cluster.reach = 'up';
    for (const one of cluster.workloads.values()) mend(cluster, one);
  }
}
