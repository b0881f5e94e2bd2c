import type { ExitName } from '../../jobs/restart/exit-code.ts';
import { must } from './invariants/violation.ts';
import { Process } from './process/process.ts';
import type { PlannedJob } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { planWeather } from './weather.ts';

/** Exits after which a Job makes a new pod. */
const retried: readonly ExitName[] = ['crashed', 'retryable', 'refused'];
/** After the faults have stopped everything comes to its end within so long. Milliseconds. */
const boundMs = 12 * 3_600_000;
/** From the calm to the attempt that must succeed: what was broken has come up by then. Milliseconds. */
const recoveryMs = 5 * 60_000;

/** Starts the seed's Jobs, and their pods anew as Kubernetes does. */
export function jobsOf(sim: Simulation): { run(): void } {
  const { time, random, scenario, catalogue } = sim;
  const alive = new Set<Process>();
  let open = 0;
  const start = (job: PlannedJob, attempt: number): void => {
    const skew = sim.swarm.has('clockSkew') && !sim.dice.isCalm ? drawSkew() : 0;
    const hub = job.other ? sim.otherHub : sim.hub;
    const process = new Process(sim, `${job.name}.${attempt}`, job, hub, skew, (exit) => {
      alive.delete(process);
      catalogue.note(`exit ${exit}`);
      if (!retried.includes(exit) || attempt >= job.retries) {
        open -= 1;
        return;
      }
      time.after(random.between(1_000, 10_000 * 2 ** attempt), () => {
        start(job, attempt + 1);
      });
    });
    sim.processes += 1;
    alive.add(process);
    process.start();
  };
  const drawSkew = (): number => {
    catalogue.fault('clockSkew');
    return random.between(-120_000, 120_000);
  };
  const plan = (job: PlannedJob): void => {
    open += 1;
    if (job.name !== 'main' && job.name !== 'last')
      catalogue.fault(circumstance[job.name] ?? 'duplicate');
    time.after(job.startsAt - time.now, () => {
      start(job, 0);
    });
  };
  return {
    run: () => {
      planWeather(sim, () => [...alive]);
      for (const job of scenario.jobs) plan(job);
      const isOver = (): boolean => open === 0;
      time.run(scenario.calmAt + boundMs, isOver);
      must(
        isOver(),
        'termination',
        () => `still at work: ${[...alive].map(({ name }) => name).join()}`,
      );
      time.run(scenario.calmAt + recoveryMs, () => false);
      plan(lastOf(scenario.jobs, Math.max(time.now, scenario.calmAt + recoveryMs)));
      time.run(time.now + boundMs, isOver);
      must(isOver(), 'termination', () => 'the last attempt is still at work');
    },
  };
}

const circumstance = {
  twin: 'duplicate',
  dry: 'dryRun',
  changed: 'otherPlan',
  later: 'laterRun',
  other: 'otherRestart',
} as Readonly<Record<string, 'duplicate' | 'dryRun' | 'otherPlan' | 'laterRun' | 'otherRestart'>>;

/** One more attempt at the newest run, when nothing goes wrong any more. */
function lastOf(jobs: readonly PlannedJob[], startsAt: number): PlannedJob {
  const ours = jobs.filter(({ other }) => !other);
  const newest = ours.reduce((found, one) => (one.instant > found.instant ? one : found), {
    instant: -Infinity,
  } as PlannedJob);
  return { ...newest, name: 'last', digest: 'd1', dryRun: false, startsAt, retries: 2 };
}
