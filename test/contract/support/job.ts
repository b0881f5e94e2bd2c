import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';
import type { Report } from '../../../jobs/restart/report.ts';
import { startJob, type JobEnd } from '../../../src/demo/job-process.ts';
import type { Pod } from '../../../src/demo/pod.ts';

/** What a job leaves behind where others read it. */
export interface Traces {
  readonly stdout: string;
  readonly stderr: string;
  /** Empty where there is none. */
  readonly reportFile: string;
  readonly terminationLog: string;
}

/** A running job, and what it has told so far. */
export class Job {
  readonly pod: Pod;
  readonly child: ChildProcess;
  readonly ended: Promise<JobEnd>;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(bundle: string, pod: Pod) {
    this.pod = pod;
    const onProgress = (line: string): void => {
      this.#lines.push(line);
      for (const listener of this.#listeners) listener();
    };
    const { child, ended } = startJob({ bundle, pod, onProgress });
    this.child = child;
    this.ended = ended;
  }

  /** Resolves when so many lines match; fails when the job ends before. */
  async told(pattern: RegExp, count = 1): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const look = (): void => {
      if (this.#lines.filter((line) => pattern.test(line)).length >= count) resolve(undefined);
    };
    this.#listeners.add(look);
    look();
    const tooLate = this.ended.then(({ stderr }) => {
      throw new Error(`the job ended before it told ${String(pattern)} ${count} times:\n${stderr}`);
    });
    await Promise.race([promise, tooLate]);
    tooLate.catch(() => undefined);
    this.#listeners.delete(look);
  }

  async signal(signal: 'SIGKILL' | 'SIGTERM'): Promise<JobEnd> {
    this.child.kill(signal);
    return this.ended;
  }

  async traces(): Promise<Traces> {
    const { stdout, stderr } = await this.ended;
    const terminationLog = await readOrEmpty(argument(this.pod, '--termination-log'));
    return { stdout, stderr, reportFile: await readOrEmpty(this.pod.reportFile), terminationLog };
  }
}

/** The value of an option on a pod's command line. */
export function argument(pod: Pod, option: string): string {
  const value = pod.args[pod.args.indexOf(option) + 1];
  if (!pod.args.includes(option) || value === undefined) throw new Error(`no ${option}`);
  return value;
}

/** The same pod with other or further options. */
export function withArguments(pod: Pod, options: Readonly<Record<string, string>>): Pod {
  const args = pod.args.filter(
    (arg, index) => !(arg in options) && !((pod.args[index - 1] ?? '') in options),
  );
  return { ...pod, args: [...args, ...Object.entries(options).flat()] };
}

/** The pod with another text in its plan. */
export function withPlan(pod: Pod, change: (text: string) => string): Pod {
  const file = argument(pod, '--plan');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return pod;
}

/** The same pod with other environment variables; `undefined` takes one away. */
export function withEnvironment(
  pod: Pod,
  variables: Readonly<Record<string, string | undefined>>,
): Pod {
  const merged = Object.entries({ ...pod.environment, ...variables });
  const environment = Object.fromEntries(
    merged.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { ...pod, environment };
}

/** Outcome kinds by `cluster/name`. */
export const outcomesOf = (report: Report | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (report?.workloads ?? []).map(({ cluster, name, outcome }) => [
      `${cluster}/${name}`,
      outcome.kind,
    ]),
  );

const readOrEmpty = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
