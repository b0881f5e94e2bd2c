import { beforeEach, describe, expect, it } from '@jest/globals';
import { LinkError, WatchExpired } from '../../../jobs/restart/link-error.ts';
import { observe, type Observation, type ObserveOptions } from '../../../jobs/restart/observe.ts';
import { makeObserved } from './support/deployments.ts';
import {
  bookmark,
  changed,
  deleted,
  ScriptedWorkloads,
  type WatchStep,
} from './support/scripted-workloads.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const second = 1000;
const minute = 60 * second;

const network = (retryAfterMs?: number) => new LinkError('network', 'reset', { retryAfterMs });
const forbidden = () => new LinkError('rbac', 'forbidden');

let workloads: ScriptedWorkloads;
let clock: VirtualClock;
let stop: AbortController;
let seen: string[];
let ended: Promise<void>;

beforeEach(() => {
  workloads = new ScriptedWorkloads();
  clock = new VirtualClock();
  stop = new AbortController();
  seen = [];
});

const say = (observation: Observation): string => {
  switch (observation.type) {
    case 'snapshot':
      return `snapshot ${observation.items.map(({ name }) => name).join(',')}`;
    case 'changed':
      return `changed ${observation.object.name} ${observation.object.resourceVersion}`;
    case 'deleted':
      return `deleted ${observation.id.namespace}/${observation.id.name}`;
    case 'problem':
      return `problem ${observation.error.link}`;
  }
};

/** Observes until it ends, and lets `ms` pass. */
async function run(ms: number, options: ObserveOptions = {}): Promise<void> {
  const read = async () => {
    const random = () => 0.5;
    const query = { kind: 'Deployment', namespace: 'sts' } as const;
    for await (const one of observe(workloads, query, clock, stop.signal, { random, ...options })) {
      seen.push(say(one));
    }
    seen.push('ended');
  };
  ended = read();
  await pass(ms);
}

const pass = (ms: number): Promise<void> => clock.advance(ms);

describe('observe', () => {
  it('gives a snapshot, and then what changes after it', async () => {
    workloads.watches = [[changed('a', '101'), changed('a', '102'), 'hold']];
    await run(second);
    expect(seen).toEqual(['snapshot a', 'changed a 101', 'changed a 102']);
    expect(workloads.calls).toEqual(['list', 'watch 100']);
  });

  it('resumes from the last version it saw, a bookmark included', async () => {
    workloads.watches = [
      [changed('a', '101'), 'end'],
      [bookmark('150'), 'end'],
      [network()],
      ['hold'],
    ];
    await run(minute);
    expect(workloads.calls).toEqual(['list', 'watch 100', 'watch 101', 'watch 150', 'watch 150']);
    expect(seen).toEqual(['snapshot a', 'changed a 101']);
  });

  it('lists again when the version is gone', async () => {
    workloads.lists = [['a'], ['b']];
    workloads.watches = [[changed('a', '101'), new WatchExpired()], ['hold']];
    await run(minute);
    expect(workloads.calls).toEqual(['list', 'watch 100', 'list', 'watch 100']);
    expect(seen).toEqual(['snapshot a', 'changed a 101', 'snapshot b']);
  });

  it('lists again every five minutes, for what a watch has lost', async () => {
    await run(11 * minute);
    expect(seen).toEqual(['snapshot a', 'snapshot a', 'snapshot a']);
  });

  it.each<[string, WatchStep]>([
    ['ends at once', 'end'],
    ['expires at once', new WatchExpired()],
    ['breaks at once', network()],
  ])('does not turn in circles when every watch %s', async (_how, step) => {
    workloads.watches = [[step]];
    await run(5 * minute);
    expect(workloads.calls.length).toBeGreaterThan(20);
    expect(workloads.calls.length).toBeLessThan(120);
    expect(seen.filter((one) => !one.startsWith('snapshot'))).toEqual([]);
  });

  it('waits no longer after many watches that each brought something', async () => {
    workloads.watches = [[changed('a', '101'), network()]];
    await run(minute);
    expect(workloads.calls.length).toBeGreaterThan(100);
  });

  it('asks for a list where watches keep failing, so that it is not blind', async () => {
    workloads.watches = [[network()]];
    await run(10 * second);
    expect(workloads.calls.slice(0, 5)).toEqual([
      'list',
      'watch 100',
      'watch 100',
      'watch 100',
      'list',
    ]);
  });
});

describe('a DELETED event', () => {
  it('is believed when a GET finds nothing', async () => {
    workloads.watches = [[deleted('a', '101'), 'hold']];
    await run(second);
    expect(seen).toEqual(['snapshot a', 'deleted sts/a']);
    expect(workloads.calls).toContain('get a');
  });

  it('is a change when the object was made anew or left the selector', async () => {
    workloads.watches = [[deleted('a', '101'), 'hold']];
    workloads.gets = [makeObserved('a', '105')];
    await run(second);
    expect(seen).toEqual(['snapshot a', 'changed a 105']);
  });

  it('comes again when the GET fails, and is not lost', async () => {
    workloads.watches = [
      [deleted('a', '101'), 'hold'],
      [deleted('a', '101'), 'hold'],
    ];
    workloads.gets = [network(), undefined];
    await run(minute);
    expect(workloads.calls).toEqual(['list', 'watch 100', 'get a', 'watch 100', 'get a']);
    expect(seen).toEqual(['snapshot a', 'deleted sts/a']);
  });

  it('leads to a list when the GET keeps failing', async () => {
    workloads.lists = [['a'], []];
    workloads.watches = [
      [deleted('a', '101')],
      [deleted('a', '101')],
      [deleted('a', '101')],
      ['hold'],
    ];
    workloads.gets = [network()];
    await run(minute);
    expect(seen).toEqual(['snapshot a', 'snapshot ']);
  });
});

describe('a failure', () => {
  it('of the list is no empty list, and passes unseen when it is short', async () => {
    workloads.lists = [network(), network(), ['a']];
    await run(minute);
    expect(seen).toEqual(['snapshot a']);
  });

  it('that does not pass is told once, and observing goes on', async () => {
    workloads.lists = [network()];
    await run(10 * minute, { problemAfterMs: minute });
    expect(seen).toEqual(['problem network']);
    workloads.lists = [['a']];
    await pass(minute);
    expect(seen).toEqual(['problem network', 'snapshot a']);
  });

  it('is told again in the next outage', async () => {
    workloads.lists = [network()];
    await run(2 * minute, { problemAfterMs: minute });
    workloads.lists = [['a'], network()];
    await pass(10 * minute);
    expect(seen).toEqual(['problem network', 'snapshot a', 'problem network']);
  });

  it('is waited for as long as the server asks', async () => {
    workloads.lists = [network(20_000), ['a']];
    await run(19 * second);
    expect(seen).toEqual([]);
    await pass(2 * second);
    expect(seen).toEqual(['snapshot a']);
  });

  it.each<[string, () => void, string[]]>([
    [
      'the list',
      () => {
        workloads.lists = [forbidden()];
      },
      ['problem rbac', 'ended'],
    ],
    [
      'the watch',
      () => {
        workloads.watches = [[forbidden()]];
      },
      ['snapshot a', 'problem rbac', 'ended'],
    ],
    [
      'the GET of a deleted object',
      () => {
        workloads.watches = [[deleted('a', '101'), 'hold']];
        workloads.gets = [forbidden()];
      },
      ['snapshot a', 'problem rbac', 'ended'],
    ],
  ])('of %s that is final is told, and ends it', async (_what, prepare, expected) => {
    prepare();
    await run(second);
    expect(seen).toEqual(expected);
  });

  it('that is a defect is thrown', async () => {
    workloads.lists = [new TypeError('undefined is not a function')];
    const events = observe(workloads, { kind: 'Deployment', namespace: 'sts' }, clock, stop.signal);
    await expect(events.next()).rejects.toThrow(TypeError);
  });
});

describe('an abort', () => {
  it.each<[string, () => void]>([
    ['while it watches', () => undefined],
    [
      'while it waits',
      () => {
        workloads.lists = [network(50_000)];
      },
    ],
    [
      'before it begins',
      () => {
        stop.abort(new Error('SIGTERM'));
      },
    ],
  ])('%s ends it without throwing', async (_when, prepare) => {
    prepare();
    await run(second);
    stop.abort(new Error('SIGTERM'));
    await ended;
    expect(seen.at(-1)).toBe('ended');
  });

  it('that makes a call throw ends it without throwing', async () => {
    workloads.list = () => {
      const reason = new Error('SIGTERM');
      stop.abort(reason);
      return Promise.reject(reason);
    };
    await run(0);
    await ended;
    expect(seen).toEqual(['ended']);
  });

  it('leaves no timer behind when the reader leaves', async () => {
    workloads.watches = [[changed('a', '101'), 'hold']];
    const events = observe(workloads, { kind: 'Deployment', namespace: 'sts' }, clock, stop.signal);
    for await (const one of events) if (one.type === 'changed') break;
    expect(clock.sleeping).toBe(0);
  });
});
