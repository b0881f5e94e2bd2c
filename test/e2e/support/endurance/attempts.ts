import { startJob, type JobEnd, type JobProcess } from '../../../../src/demo/job-process.ts';
import type { RealFleet } from '../fleet/real-fleet.ts';
import { makeRealPod } from '../fleet/real-pod.ts';
import type { SlowRestart } from './fleet.ts';
import { until } from '../../../support/wait.ts';

export interface Attempt extends JobProcess {
  /** Resolves once it has told so many lines that match. */
  told(pattern: RegExp, count?: number): Promise<void>;
}

export interface AttemptOptions {
  readonly restart: SlowRestart;
  /** The run's scheduled instant, in milliseconds. */
  readonly run: number;
  /** Of the pod. */
  readonly name: string;
}

/** One pod of the restart's Job. */
export async function startAttempt(
  fleet: RealFleet,
  { restart, run, name }: AttemptOptions,
): Promise<Attempt> {
  const pod = await makeRealPod(fleet, { scheduled: run, name, restart });
  const lines: string[] = [];
  const job = startJob({ bundle: fleet.bundle, pod, onProgress: (line) => lines.push(line) });
  return {
    ...job,
    told: async (pattern, count = 1) => {
      await until(
        `${name} tells ${String(pattern)}`,
        () => lines.filter((line) => pattern.test(line)).length >= count,
        { everyMs: 20 },
      );
    },
  };
}

/**
 * As the Job controller: a pod that was killed, has crashed, or asks for another try is followed by
 * another one, four times. Gives how each pod has ended.
 */
export async function followUp(
  fleet: RealFleet,
  options: AttemptOptions,
  first: Attempt,
): Promise<readonly JobEnd[]> {
  const ends = [await first.ended];
  while (ends.length < 5 && [undefined, 1, 4].includes(ends.at(-1)?.code)) {
    const next = { ...options, name: `${options.name}-${ends.length}` };
    ends.push(await (await startAttempt(fleet, next)).ended);
  }
  return ends;
}
