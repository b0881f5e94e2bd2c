import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { outcomeKinds, type Outcome } from '../../../jobs/restart/core/outcome.ts';
import { exitOf } from '../../../jobs/restart/exit-code.ts';
import {
  describeOutcome,
  terminationSummary,
  type Report,
  type ReportLine,
} from '../../../jobs/restart/report.ts';

const text = fc.string({ maxLength: 400 });
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('restarted', 'alreadyRestarted'),
    stamp: text,
    lastSeen: text,
  }),
  fc.record({ kind: fc.constantFrom('reverted', 'failed', 'timedOut', 'missing'), message: text }),
  fc.record({ kind: fc.constant('forbidden'), link: fc.constant('trust'), message: text }),
  fc.record({ kind: fc.constant('unreachable'), link: fc.constant('network'), message: text }),
  fc.record({ kind: fc.constant('skipped'), reason: fc.constant('interrupted'), message: text }),
);

const well: Outcome = { kind: 'restarted', stamp: 's', lastSeen: 't' };
const revert = { kind: 'reverted', message: 'm' } as const;
const lost: Outcome = { kind: 'unreachable', link: 'network', message: 'm' };

describe('the exit code', () => {
  it.each([
    ['nothing to do', [], 'ok'],
    ['all well', [well, { kind: 'alreadyRestarted', stamp: 's', lastSeen: 't' }], 'ok'],
    ['one that no retry helps', [well, revert], 'incomplete'],
    ['one that a retry may help', [well, lost], 'retryable'],
    ['both', [revert, lost], 'retryable'],
    ['superseded', [{ kind: 'skipped', reason: 'superseded', message: '' }], 'incomplete'],
  ] as const)('for %s', (_, outcomes, name) => {
    expect(exitOf(outcomes)).toBe(name);
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
    }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (workloads) => {
        const report: Report = {
          rollcall: 'report',
          version: 1,
          fleet: 'f',
          restart: 'r',
          run: '2026-11-23T02:15:00Z',
          planDigest: 'd',
          startedAt: '',
          finishedAt: '',
          exit: { code: 3, name: 'incomplete' },
          counts: {},
          workloads,
        };
        const summary = terminationSummary(report);
        expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(4096);
        const { problems, more } = JSON.parse(summary) as { problems: string[]; more: number };
        const unwell = workloads.filter(
          ({ outcome: one }) => !one.kind.toLowerCase().includes('restarted'),
        );
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
