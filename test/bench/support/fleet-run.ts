import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../../jobs/restart/report.ts';
import { writeFleet, type FleetSize } from './fleet-file.ts';
import type { FleetSample } from './fleet-figures.ts';
import type { FromFleet, ToFleet } from './fleet-world.ts';
import { measure, type Measured } from './measure.ts';
import { othersShare, processorTime } from './processor-time.ts';

export interface RunOptions {
  readonly size: FleetSize;
  /** Of all requests, 0 to 1. */
  readonly faultShare: number;
  readonly seed: number;
  readonly bundle: string;
  /** Made, and kept. */
  readonly folder: string;
}

const program = fileURLToPath(new URL('fleet-world.ts', import.meta.url));

/** The bundled job, once, against a new fleet in a process of its own. */
export async function runFleet(options: RunOptions): Promise<FleetSample> {
  const { size, faultShare, seed, bundle, folder } = options;
  mkdirSync(folder, { recursive: true });
  const fleetFile = writeFleet(folder, size);
  const fleet = new FleetProcess();
  try {
    const order = { fleetFile, bundle, folder, faultShare, seed };
    const { pod, memoryLimit } = await fleet.ask({ type: 'start', order }, 'up');
    const before = processorTime();
    const measured = await measure({
      script: 'measured "$@"',
      args: [process.execPath, `--max-heap-size=${heapIn(memoryLimit)}`, bundle, ...pod.args],
      // As the image has it.
      environment: { ...pod.environment, MALLOC_ARENA_MAX: '1' },
      folder: join(folder, 'job'),
    });
    const { wallMs, cpuMs } = measured;
    const others = othersShare(before, processorTime(), { wallMs, ended: cpuMs });
    const { seen } = await fleet.ask({ type: 'end' }, 'seen');
    const { exit, counts } = readReport(pod.reportFile, measured, join(folder, 'job'));
    return { size, faultShare, measured, others, ...seen, exit: exit.name, counts };
  } finally {
    fleet.end();
  }
}

/**
 * What Node takes for its heap in a container with so much memory: half of it (V8, heap.cc,
 * `OldGenerationSizeFromPhysicalMemory`). The job runs in no container here, and would else let
 * garbage lie until it fills a part of all the memory that this machine has. MiB.
 */
const heapIn = (memoryLimit: number): number => Math.floor(memoryLimit / 2);

function readReport(file: string, { code }: Measured, folder: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch (cause) {
    const stderr = readFileSync(join(folder, 'stderr'), 'utf8').slice(-2000);
    throw new Error(`the job ended with ${code} and no report:\n${stderr}`, { cause });
  }
}

/** The other end of fleet-world.ts. */
class FleetProcess {
  readonly #child: ChildProcess = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

  ask<T extends FromFleet['type']>(
    message: ToFleet,
    answer: T,
  ): Promise<Extract<FromFleet, { readonly type: T }>> {
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        reject(new Error('the simulated fleet ended'));
      };
      this.#child.once('exit', gone);
      this.#child.once('message', (given: FromFleet) => {
        this.#child.off('exit', gone);
        if (given.type === answer) resolve(given as Extract<FromFleet, { readonly type: T }>);
        else reject(new Error(`the simulated fleet said ${given.type}`));
      });
      this.#child.send(message);
    });
  }

  end(): void {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
  }
}
