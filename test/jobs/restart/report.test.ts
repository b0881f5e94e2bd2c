import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWell, outcomeKinds, type Outcome } from '../../../jobs/restart/core/outcome.ts';
import { exitOf } from '../../../jobs/restart/exit-code.ts';
import type { Report, ReportLine } from '../../../jobs/restart/report.ts';
import { describeOutcome, terminationSummary } from '../../../jobs/restart/report-text.ts';

const text = fc.string({ maxLength: 400 });
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('restarted', 'alreadyRestarted'),
    stamp: text,
    lastSeen: text,
  }),
  fc.record({
    kind: fc.constantFrom('reverted', 'failed', 'timedOut', 'missing', 'wouldRestart'),
    message: text,
  }),
  fc.record({ kind: fc.constant('partial'), stamp: text, lastSeen: text, message: text }),
  fc.record({ kind: fc.constant('delegated'), to: text, planned: fc.boolean(), message: text }),
  fc.record({ kind: fc.constant('forbidden'), link: fc.constant('trust'), message: text }),
  fc.record({ kind: fc.constant('unreachable'), link: fc.constant('network'), message: text }),
  fc.record({ kind: fc.constant('skipped'), reason: fc.constant('interrupted'), message: text }),
);

const well: Outcome = { kind: 'restarted', stamp: 's', lastSeen: 't' };
const done: Outcome = { kind: 'alreadyRestarted', stamp: 's', lastSeen: 't' };
const revert = { kind: 'reverted', message: 'm' } as const;
const lost: Outcome = { kind: 'unreachable', link: 'network', message: 'm' };

describe('the exit code', () => {
  it.each([
    ['nothing to do', [done], 'nothingToDo'],
    ['all well', [well, done], 'ok'],
    ['an owner who opted out', [well, { kind: 'skipped', reason: 'optedOut', message: '' }], 'ok'],
    ['a part', [well, { kind: 'partial', stamp: 's', lastSeen: 't', message: '' }], 'incomplete'],
    ['a window that closed', [well, { kind: 'skipped', reason: 'window', message: '' }], 'refused'],
    ['a lost lock', [well, { kind: 'skipped', reason: 'lock', message: '' }], 'retryable'],
    ['one that no retry helps', [well, revert], 'incomplete'],
    ['one that a retry may help', [well, lost], 'retryable'],
    ['both', [revert, lost], 'retryable'],
    ['superseded', [{ kind: 'skipped', reason: 'superseded', message: '' }], 'incomplete'],
  ] as const)('for %s', (_, outcomes, name) => {
    expect(exitOf({ outcomes, halted: undefined, unfinished: false })).toBe(name);
  });

  it.each([
    ['budget', 'halted'],
    ['gate', 'halted'],
    ['stopped', 'cancelled'],
  ] as const)('for a run that halted (%s), whatever else is true', (halted, name) => {
    expect(exitOf({ outcomes: [well, lost], halted, unfinished: true })).toBe(name);
  });

  it('for a soak that was cut short', () => {
    expect(exitOf({ outcomes: [well], halted: undefined, unfinished: true })).toBe('retryable');
  });
});

describe('the termination summary', () => {
  it('is JSON of at most 4096 bytes that counts what it leaves out', () => {
    const line = outcome.map((one): ReportLine => ({
      cluster: 'c',
      namespace: 'n',
      kind: 'Deployment',
      name: 'd',
      outcome: one,
      attempts: 1,
    }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (workloads) => {
        const report: Report = {
          rollcall: 'report',
          version: 2,
          fleet: 'f',
          restart: 'r',
          run: '2026-11-23T02:15:00Z',
          planDigest: 'd',
          startedAt: '',
          finishedAt: '',
          exit: { code: 3, name: 'incomplete' },
          counts: {},
          wavesDone: 0,
          failures: 0,
          clusters: [],
          workloads,
        };
        const summary = terminationSummary(report);
        expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(4096);
        const { problems, more } = JSON.parse(summary) as { problems: string[]; more: number };
        const unwell = workloads.filter(({ outcome: one }) => !isWell(one));
        expect(problems.length + more).toBe(unwell.length);
      }),
    );
  });
});

it('describes every outcome', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(outcome, (one) => {
      seen.add(one.kind);
      expect(describeOutcome(one)).not.toBe('');
    }),
    { numRuns: 300 },
  );
  expect([...seen].sort()).toEqual([...outcomeKinds].sort());
});

it.each([
  [{}, 'reverted: m'],
  [{ by: 'argocd-controller' }, 'reverted by argocd-controller: m'],
  [{ by: 'kubectl-create', guessed: true }, 'reverted, perhaps by kubectl-create: m'],
] as const)('says what is known of who reverted: %j', (who, expected) => {
  expect(describeOutcome({ ...revert, ...who })).toBe(expected);
});
