import type {
  Observed,
  WatchEvent,
  WorkloadId,
  Workloads,
} from '../../../../jobs/restart/ports.ts';
import { makeObserved } from './deployments.ts';
import { settle } from './virtual-clock.ts';

export type WatchStep = WatchEvent | Error | 'end' | 'hold';

/** Workloads by script: each call takes the next entry; the last one repeats. */
export class ScriptedWorkloads implements Workloads {
  readonly calls: string[] = [];
  lists: (readonly string[] | Error)[] = [['a']];
  watches: (readonly WatchStep[])[] = [['hold']];
  gets: (Observed | undefined | Error)[] = [undefined];

  list(): Promise<{ items: readonly Observed[]; resourceVersion: string }> {
    this.calls.push('list');
    const next = this.lists.length > 1 ? this.lists.shift() : this.lists[0];
    if (next instanceof Error) return Promise.reject(next);
    const items = (next ?? []).map((name) => makeObserved(name));
    return Promise.resolve({ items, resourceVersion: '100' });
  }

  async *watch(_query: unknown, version: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    this.calls.push(`watch ${version}`);
    const steps = (this.watches.length > 1 ? this.watches.shift() : this.watches[0]) ?? [];
    for (const step of steps) {
      await settle();
      if (signal.aborted || step === 'end') return;
      if (step instanceof Error) throw step;
      if (step === 'hold') await held(signal);
      else yield step;
    }
  }

  get({ name }: WorkloadId): Promise<Observed | undefined> {
    this.calls.push(`get ${name}`);
    const next = this.gets.length > 1 ? this.gets.shift() : this.gets[0];
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }

  patch(): never {
    throw new Error('observing never patches');
  }
}

const held = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

export const changed = (name: string, version: string): WatchEvent => ({
  type: 'changed',
  object: makeObserved(name, version),
});
export const deleted = (name: string, version: string): WatchEvent => ({
  type: 'deleted',
  object: makeObserved(name, version),
});
export const bookmark = (resourceVersion: string): WatchEvent => ({
  type: 'bookmark',
  resourceVersion,
});
