import { describe, expect, it } from '@jest/globals';
import { askGate, type GateAnswer } from '../../../jobs/restart/gates.ts';
import { LinkError } from '../../../jobs/restart/link-error.ts';
import type { CheckAnswer, GateJobState } from '../../../jobs/restart/ports.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const second = 1000;
const check = {
  kind: 'check',
  check: { kind: 'prometheus', url: 'http://prometheus.monitoring', query: 'up == 0' },
  timeoutSeconds: 600,
} as const;
const job = { kind: 'job', image: 'smoke', command: ['true'], timeoutSeconds: 600 } as const;

const forbidden = new LinkError('check', '403: may not create jobs');
const away = new LinkError('check', 'no answer', { transient: true });
const quiet: CheckAnswer = { kind: 'no', message: 'quiet' };
const noisy: CheckAnswer = { kind: 'yes', message: '2 series' };

type Answer = CheckAnswer | GateJobState | LinkError;

/** A gate asked on virtual time: one answer after the other, the last one for ever. */
function ask(gate: typeof check | typeof job, answers: readonly Answer[]) {
  const clock = new VirtualClock();
  const left = [...answers];
  const told: string[] = [];
  let seen: GateAnswer | undefined;
  const next = <T>(): Promise<T> => {
    const answer = left.length > 1 ? left.shift() : left[0];
    return answer instanceof LinkError ? Promise.reject(answer) : Promise.resolve(answer as T);
  };
  askGate(gate, {
    hub: { check: () => next<CheckAnswer>(), gateJob: () => next<GateJobState>() },
    clock,
    signal: new AbortController().signal,
    jobName: 'nightly-gate',
    onNotYet: (message) => told.push(message),
  }).then(
    (answer) => (seen = answer),
    (error: unknown) => told.push(`thrown: ${String(error)}`),
  );
  const after = async (seconds: number): Promise<GateAnswer | undefined> => {
    await clock.advance(seconds * second);
    return seen;
  };
  return { after, told };
}

describe('a gate', () => {
  it.each([
    { gate: job, answers: [forbidden, forbidden, { kind: 'succeeded' }] },
    { gate: job, answers: [away, { kind: 'running' }, { kind: 'succeeded' }] },
    { gate: check, answers: [forbidden, away, quiet] },
    { gate: check, answers: [noisy, forbidden, quiet] },
  ] as const)(
    'that can’t be asked is asked again, whatever the error: $gate.kind $#',
    async ({ gate, answers }) => {
      const { after } = ask(gate, answers);
      expect(await after(19)).toBeUndefined();
      expect(await after(1)).toMatchObject({ passed: true });
    },
  );

  it.each([check, job])(
    'that can never be asked is not passed, when its time is over',
    async (gate) => {
      const { after, told } = ask(gate, [forbidden]);
      expect(await after(599)).toBeUndefined();
      expect(await after(1)).toEqual({
        passed: false,
        message: 'after 600 s: 403: may not create jobs',
      });
      // What is in the way is told at once, so that it can be mended; and only once.
      expect(told).toEqual(['403: may not create jobs']);
    },
  );

  it('whose Job has failed refuses at once', async () => {
    const { after } = ask(job, [{ kind: 'failed', message: 'BackoffLimitExceeded' }]);
    const message = 'Job nightly-gate: BackoffLimitExceeded';
    expect(await after(0)).toEqual({ passed: false, message });
  });
});
