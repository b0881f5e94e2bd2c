import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Report } from '../../jobs/restart/report.ts';
import type { Pod } from './pod.ts';

/** The job as a process of its own: the unmodified bundle, as the image runs it. */
export interface JobProcess {
  readonly child: ChildProcess;
  /** Resolves when it has ended. */
  readonly ended: Promise<JobEnd>;
}

export interface JobEnd {
  /** Absent when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Absent when it ended before its report. */
  readonly report: Report | undefined;
}

export interface JobOptions {
  readonly bundle: string;
  readonly pod: Pod;
  /** Each line that the job tells on stderr. Default: nobody listens. */
  readonly onProgress?: (line: string) => void;
}

export function startJob({ bundle, pod, onProgress }: JobOptions): JobProcess {
  const child = spawn(process.execPath, [bundle, ...pod.args], {
    env: { ...pod.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr += `${line}\n`;
    onProgress?.(line);
  });
  const ended = new Promise<JobEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? undefined, stdout, stderr, report: readReport(stdout) });
    });
  });
  return { child, ended };
}

/** The report is the marked line of what may be many. */
export function readReport(stdout: string): Report | undefined {
  const line = stdout.split('\n').find((one) => one.startsWith('{"rollcall":"report"'));
  return line === undefined ? undefined : (JSON.parse(line) as Report);
}
