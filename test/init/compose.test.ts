import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prepare } from '../../charts/pipeline.ts';
import { rules } from '../../src/form/rules.ts';
import { composeFleet } from '../../src/init/compose.ts';
import { problemOf, questions, type Answers, type Key } from '../../src/init/questions.ts';

/** Texts that a rule takes; words that YAML takes for something else are among them. */
const taken = (pattern: RegExp, test: (text: string) => boolean) =>
  fc
    .oneof(
      fc.constantFrom(
        'true',
        'null',
        'no',
        '0x1f',
        '1e3',
        '12',
        '007',
        'a--b',
        'y',
        'x'.repeat(63),
      ),
      fc.stringMatching(pattern),
    )
    .filter(test);
const label = taken(/^[a-z0-9][a-z0-9-]{0,40}$/, rules.dnsLabel.test);
const workload = fc
  .tuple(
    fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'),
    taken(/^[a-z0-9][a-z0-9.-]{0,60}$/, rules.objectName.test),
  )
  .map(([kind, name]) => `${kind}/${name}`);
const regions = ['eu-west-1', 'us-gov-east-1', 'cn-north-1', 'ap-southeast-4'] as const;
const place = fc.constantFrom(...regions).chain((region) =>
  fc.record({
    region: fc.constant(region),
    issuer: fc.constantFrom(
      `https://oidc.eks.${region}.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E`,
      `https://oidc-eks.${region}.api.aws/id/EXAMPLED539D4633E53DE1B716D3041E`,
      'https://a.example:8443/~x/1.0',
    ),
  }),
);
const others: fc.Arbitrary<Omit<Answers, 'region' | 'issuer'>> = fc.record({
  name: label,
  account: fc.stringMatching(/^\d{12}$/),
  cluster: taken(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, rules.eksName.test),
  namespace: fc.oneof(label, fc.constantFrom('rollcall', 'default', 'kube-system')),
  workload: fc.array(workload, { minLength: 1, maxLength: 6 }),
  schedule: fc.constantFrom('0 3 * * 1', '*/5 1-3 1,15 JAN-MAR sun'),
  image: fc.constantFrom('rollcall', `r.example:5000/a/b:1@sha256:${'0'.repeat(64)}`),
});

const answers = fc.tuple(others, place).map(([one, where]): Answers => ({ ...one, ...where }));
const textOf = (given: Answers, key: Key): string =>
  key === 'workload' ? given.workload.join(', ') : given[key];

describe('composing a fleet file', () => {
  it('makes of all accepted answers a file that loads and plans', () => {
    fc.assert(
      fc.property(answers, (given) => {
        for (const one of questions)
          expect(problemOf(one, textOf(given, one.key), given)).toBeUndefined();
        const prepared = prepare(composeFleet(given), 'fleet.yaml');
        if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.diagnostics));
        const [restart] = prepared.fleet.restarts;
        expect(prepared.fleet.name).toBe(given.name);
        expect(prepared.fleet.clusters[0]?.eksCluster).toBe(given.cluster);
        expect(prepared.fleet.accounts[0]?.id).toBe(given.account);
        const restarted = restart?.workloads.flatMap(({ kind, names }) =>
          names.map((name) => `${kind}/${name}`),
        );
        expect(restarted?.toSorted()).toEqual([...new Set(given.workload)].sort());
        expect(prepared.findings).toEqual([]);
      }),
    );
  });
});
