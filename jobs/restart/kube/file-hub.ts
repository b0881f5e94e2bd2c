import type { RunRecordPlace } from '../../../src/plan/restart-plan.ts';
import { LinkError } from '../link-error.ts';
import type { Hub, Lease, LeaseStore } from '../ports.ts';
import { createFileRecordStore } from './file-record-store.ts';
import { fileOf, parseFile, readOrEmpty, replaceFile, versionOf } from './files.ts';
import { createPrometheus } from './prometheus.ts';

export interface FileHubOptions {
  /** Made when it is first written to. */
  readonly folder: string;
  readonly place: Pick<RunRecordPlace, 'lease'>;
  /** Of this program, for the User-Agent. */
  readonly version: string;
}

/**
 * A folder in place of the hub, for a run from a laptop: the record and the Lease are files, and of
 * checks only those of Prometheus can be asked.
 */
export function createFileHub({ folder, place, version }: FileHubOptions): Hub {
  const prometheus = createPrometheus(version);
  return {
    store: createFileRecordStore(folder),
    lease: createFileLease(folder, place.lease),
    check: (check, signal) =>
      check.kind === 'prometheus'
        ? prometheus.check(check, signal)
        : Promise.reject(
            needsHub(`the condition ${check.type} of ${check.resource} ${check.name}`),
          ),
    gateJob: (job) => Promise.reject(needsHub(`the job ${job.name}`)),
    close: () => prometheus.close(),
  };
}

const needsHub = (what: string): LinkError =>
  new LinkError(
    'check',
    `${what} needs the hub, and the run record is in a folder. Next: run the job in the hub, or leave that check out.`,
  );

/** Its version is a hash of the content, in which the moment stands. */
function createFileLease(folder: string, name: string): LeaseStore {
  const read = async (): Promise<Lease> => {
    const file = fileOf(folder, name, '.lease.json');
    const text = await readOrEmpty(file);
    const { holder, durationSeconds, transitions } = parseFile(file, text, toLease);
    return { holder, durationSeconds, transitions, resourceVersion: versionOf(text) };
  };
  return {
    async read(signal) {
      signal.throwIfAborted();
      return read();
    },
    async write({ holder, durationSeconds, transitions, resourceVersion }, now, signal) {
      signal.throwIfAborted();
      if ((await read()).resourceVersion !== resourceVersion) return 'conflict';
      const renewed = new Date(now).toISOString();
      const text = JSON.stringify({ holder, durationSeconds, transitions, renewed });
      await replaceFile(folder, fileOf(folder, name, '.lease.json'), text);
      return { holder, durationSeconds, transitions, resourceVersion: versionOf(text) };
    },
  };
}

function toLease(value: object): Omit<Lease, 'resourceVersion'> {
  const { holder = '', durationSeconds = 0, transitions = 0 } = value as Partial<Lease>;
  if (
    typeof holder !== 'string' ||
    typeof durationSeconds !== 'number' ||
    typeof transitions !== 'number'
  ) {
    throw new Error('it is no Lease');
  }
  return { holder, durationSeconds, transitions };
}
