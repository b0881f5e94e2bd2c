import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { AccessGraph } from '../../src/access/graph.ts';
import { planAccess } from '../../src/access/plan-access.ts';
import { renderIam } from '../../src/iam/render.ts';
import { fleetWith, golf, hub, kiam, one } from './support/parts.ts';

type Stage = 'before' | 'during' | 'after';
interface Moving {
  readonly to: unknown;
  /** Absent: it does not move. */
  readonly from?: unknown;
}

/** Services of one hub that all reach a cluster by one role, as one user, some on the move. */
const planned = (services: readonly Moving[], stage: Stage, externalId?: string) =>
  planAccess(
    fleetWith({
      clusters: [{ ...hub, agents: kiam }, golf],
      services: services.map(({ from, to }, index) => ({
        ...{ ...one, name: `restarter-${index}` },
        podIdentity: from !== undefined && stage === 'before' ? from : to,
        ...(from !== undefined && stage === 'during' ? { migratingFrom: from } : {}),
        reach: [{ clusters: ['golf'], role: 'shared', kubernetesUser: 'restarter', externalId }],
      })),
    }),
  );

const trustsOf = ({ roles }: AccessGraph): ReadonlySet<string> =>
  new Set(
    roles.flatMap(({ arn, trusts }) => trusts.map((trust) => `${arn} ${JSON.stringify(trust)}`)),
  );

const direct = { irsa: { hops: 1 } };
const other = { irsa: { hops: 1, audience: 'a.example.com' } };
const moves: readonly Moving[] = [
  { to: 'irsa' },
  { to: direct },
  { to: 'eks-pod-identity' },
  { from: 'kiam', to: 'irsa' },
  { from: 'irsa', to: 'eks-pod-identity' },
  { from: 'irsa', to: direct },
  { from: direct, to: 'irsa' },
  { from: other, to: direct },
];

/** All of them in a few services; in many, those of which a target's role sees nothing. */
const fleets = fc.oneof(
  fc.array(fc.constantFrom(...moves), { minLength: 1, maxLength: 6 }),
  fc.array(fc.constantFrom(...moves.slice(0, 4)), { minLength: 4, maxLength: 30 }),
);

describe('a move of services that share a target’s role', () => {
  it('is refused, or every role trusts whom it trusted before and whom it will trust', () => {
    const seen = { refused: 0, split: 0, whole: 0 };
    fc.assert(
      fc.property(fleets, (services) => {
        const during = planned(services, 'during');
        if (during.kind === 'invalid') {
          seen.refused++;
          expect(new Set(during.problems.map(({ code }) => code))).toEqual(
            new Set(['access/moving-split']),
          );
          return;
        }
        const trusts = trustsOf(during.graph);
        for (const stage of ['before', 'after'] as const) {
          const still = planned(services, stage);
          if (still.kind === 'invalid') throw new Error(JSON.stringify(still.problems));
          for (const trust of trustsOf(still.graph)) expect(trusts).toContain(trust);
        }
        expect(renderIam(during.graph)).toMatchObject({ kind: 'rendered' });
        const targets = during.graph.roles.filter(({ name }) => name.startsWith('shared'));
        seen[targets.length > 1 ? 'split' : 'whole']++;
      }),
      { numRuns: 200 },
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(5);
  });

  it.each([
    [9, 'irsa', 'eks-pod-identity'],
    [9, 'irsa', direct],
    [3, direct, 'irsa'],
    [3, other, direct],
  ])(
    'is refused where the role is split by it alone, once or twice: %i from %j to %j',
    (count, from, to) => {
      const during = planned(
        Array.from({ length: count }, () => ({ from, to })),
        'during',
      );
      expect(during).toMatchObject({ kind: 'invalid' });
      if (during.kind !== 'invalid') return;
      expect(during.problems.map(({ code, path }) => [code, path.join('.')])).toEqual(
        Array.from({ length: count }, (_, index) => [
          'access/moving-split',
          `services.${index}.migratingFrom`,
        ]),
      );
    },
  );

  it('is none of the role’s where it is split alike at all times', () => {
    const during = planned(
      Array.from({ length: 12 }, () => ({ from: 'kiam', to: 'irsa' })),
      'during',
      'shared-with-many',
    );
    if (during.kind === 'invalid') throw new Error(JSON.stringify(during.problems));
    expect(during.graph.roles.filter(({ name }) => name.startsWith('shared-'))).not.toEqual([]);
  });
});
