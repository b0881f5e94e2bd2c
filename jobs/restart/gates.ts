import { createHash } from 'node:crypto';
import type { PlannedCheck, PlannedGate, RestartStrategy } from '../../src/plan/restart-plan.ts';
import { troubleOf } from './emit.ts';
import type { Clock, GateJob, Hub } from './ports.ts';

export type GateAnswer = { readonly passed: boolean; readonly message: string };

/** How often a gate is asked. Milliseconds. */
const askEveryMs = 10_000;

/** Of a Job's name, which its pods carry as a label. */
const longestName = 63;

/** The name of a gate's Job: the same for every attempt at a run, and told from other restarts'. */
export function gateJobName(
  restart: string,
  {
    wave,
    gate,
    instant,
  }: { readonly wave: number; readonly gate: number; readonly instant: number },
): string {
  const tail = `-gate-${wave}-${gate}-${Math.floor(instant / 1000).toString(36)}`;
  if (restart.length + tail.length <= longestName) return restart + tail;
  const hash = createHash('sha256').update(restart).digest('hex').slice(0, 8);
  const room = longestName - tail.length - hash.length - 1;
  return `${restart.slice(0, room).replace(/[^a-z0-9]+$/, '')}-${hash}${tail}`;
}

export interface GateContext {
  readonly hub: Pick<Hub, 'check' | 'gateJob'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The name of the gate's Job: the same for every attempt at a run. */
  readonly jobName: string;
  /** Why it is not passed yet, whenever that changes. */
  readonly onNotYet: (message: string) => void;
}

/**
 * Asks a gate until it is passed, refuses, or its time is over. Only a Job that has failed refuses:
 * what can't be asked (a right that lacks, an admission policy) may be mended meanwhile. Approvals
 * are not asked here: the run record has them.
 */
export async function askGate(
  gate: Exclude<PlannedGate, { kind: 'approval' }>,
  context: GateContext,
): Promise<GateAnswer> {
  const { clock, signal, onNotYet } = context;
  const end = clock.monotonic() + gate.timeoutSeconds * 1000;
  let told: string | undefined;
  for (;;) {
    const answer = await askOnce(gate, context);
    if (answer.kind !== 'notYet')
      return { passed: answer.kind === 'passed', message: answer.message };
    if (clock.monotonic() >= end) {
      return { passed: false, message: `after ${gate.timeoutSeconds} s: ${answer.message}` };
    }
    if (answer.message !== told) onNotYet(answer.message);
    told = answer.message;
    await clock.sleep(askEveryMs, signal);
  }
}

interface Asked {
  readonly kind: 'passed' | 'refused' | 'notYet';
  readonly message: string;
}

async function askOnce(
  gate: Exclude<PlannedGate, { kind: 'approval' }>,
  { hub, signal, jobName }: GateContext,
): Promise<Asked> {
  try {
    if (gate.kind === 'check') {
      const { kind, message } = await hub.check(gate.check, signal);
      // A condition must hold; a query must be quiet.
      const wanted = gate.check.kind === 'condition' ? 'yes' : 'no';
      return { kind: kind === wanted ? 'passed' : 'notYet', message };
    }
    const { image, command, timeoutSeconds } = gate;
    const job: GateJob = { name: jobName, image, command, timeoutSeconds };
    const state = await hub.gateJob(job, signal);
    switch (state.kind) {
      case 'running':
        return { kind: 'notYet', message: `Job ${jobName} still runs` };
      case 'succeeded':
        return { kind: 'passed', message: `Job ${jobName} has succeeded` };
      case 'failed':
        return { kind: 'refused', message: `Job ${jobName}: ${state.message}` };
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'notYet', message: troubleOf(error).message };
  }
}

/**
 * Waits until nothing is in the way: before the Lease is taken, so that nobody waits for a pod that
 * waits itself. What is in the way still after so long, in words.
 */
export async function waitForBlockers(
  strategy: Pick<RestartStrategy, 'blockers' | 'blockerTimeoutSeconds'>,
  { hub, clock, signal }: Pick<GateContext, 'hub' | 'clock' | 'signal'>,
  onBlocked: (message: string) => void,
): Promise<string | undefined> {
  const end = clock.monotonic() + strategy.blockerTimeoutSeconds * 1000;
  let told: string | undefined;
  for (;;) {
    const blocking = await askBlockers(strategy.blockers, hub, signal);
    if (blocking === undefined) return undefined;
    if (blocking !== told) onBlocked(blocking);
    told = blocking;
    if (clock.monotonic() >= end) return blocking;
    await clock.sleep(askEveryMs, signal);
  }
}

/** What is in the way just now; what can't be asked is. */
export async function askBlockers(
  checks: readonly PlannedCheck[],
  hub: Pick<Hub, 'check'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const check of checks) {
    try {
      const { kind, message } = await hub.check(check, signal);
      if (kind === 'yes') return message;
    } catch (error) {
      if (signal.aborted) throw error;
      return troubleOf(error).message;
    }
  }
  return undefined;
}
