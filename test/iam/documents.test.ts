import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prepare } from '../../charts/pipeline.ts';
import { iamCodes } from '../../src/iam/codes.ts';
import { iamLimits } from '../../src/iam/documents.ts';
import { renderIam } from '../../src/iam/render.ts';
import type { PolicyDocument } from '../../src/iam/policy.ts';
import { fleetModels, fleetText } from '../access/support/fleet-arbitrary.ts';
import { graphOf } from '../access/support/plan.ts';

const region = 'eu-west-1';
const hub = { name: 'hub', account: 'ours', region, oidcIssuer: 'https://oidc.example.com/id/1' };
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const id = (index: number) => String(100_000_000_000 + index);

const fleet = (accounts: number, services: readonly object[]): string =>
  JSON.stringify(
    {
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'Fleet',
      name: 'fleet',
      accounts: Object.fromEntries([
        ['ours', '000000000001'],
        ...range(accounts).map((index) => [`a${index}`, id(index)] as const),
      ]),
      clusters: [
        hub,
        ...range(accounts).map((index) => ({ name: `c${index}`, account: `a${index}`, region })),
      ],
      services,
    },
    null,
    1,
  );

/** As many roles as there are accounts, each of which the service may assume. */
const reachingAll = (accounts: number): string =>
  fleet(accounts, [
    { name: 'wide', env: 'prd', cluster: 'hub', namespace: 'n', reach: [{ clusters: {} }] },
  ]);

/** A role that so many services are let into. */
const trustingMany = (services: number): string =>
  fleet(
    1,
    range(services).map((index) => ({
      name: `s${index}`,
      env: 'prd',
      cluster: 'hub',
      namespace: 'n',
      reach: [{ clusters: {}, role: 'application', existing: true, kubernetesUser: 'app' }],
    })),
  );

const problemsOf = (text: string) => {
  const prepared = prepare(text, 'fleet.yaml');
  return prepared.kind === 'ready' ? [] : prepared.diagnostics;
};

describe('quotas', () => {
  // The greatest that fits, and the path at which one more is refused.
  const cases: readonly [code: string, text: (count: number) => string, path: string][] = [
    ['iam/permissions-too-large', reachingAll, 'services.0'],
    ['iam/trust-too-large', trustingMany, 'services.0.reach.0'],
  ];

  it.each(cases)('%s', (code, text, path) => {
    let fits = 1;
    for (let step = 128; step >= 1; step /= 2) {
      if (problemsOf(text(fits + step)).length === 0) fits += step;
    }
    expect(fits).toBeGreaterThan(8);
    const problems = problemsOf(text(fits + 1));
    expect(problems.map((one) => [one.code, one.path.join('.')])).toEqual([[code, path]]);
    expect(problems[0]?.source).toMatch(/\{/);

    // What is refused is over the quota, and what is let through is not.
    const limit = code === 'iam/trust-too-large' ? iamLimits.trustPolicy : iamLimits.managedPolicy;
    const said = Number(/of (\d+) characters/.exec(problems[0]?.found ?? '')?.[1]);
    expect(said).toBeGreaterThan(limit);
    expect(largest(text(fits))).toBeLessThanOrEqual(limit);

    expect(largest(text(fits))).toBeGreaterThan(limit * 0.9);
  });

  it('every code has a case', () => {
    expect(cases.map(([code]) => code).sort()).toEqual([...iamCodes].sort());
  });
});

/** Characters without white space outside of strings, counted on the file itself. */
function largest(text: string): number {
  const prepared = prepare(text, 'fleet.yaml');
  if (prepared.kind !== 'ready') throw new Error('not sound');
  const documents = prepared.iam.filter(({ path }) => !path.endsWith('apply-order.json'));
  return Math.max(...documents.map((file) => file.text.replace(/^\s+|\n|(?<=":) /gm, '').length));
}

it('Sids are of letters and digits, and differ within a document', () => {
  const word = fc.stringMatching(/^[\w+=,.@-]{1,30}$/);
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 5, selector: lower }), (roles) => {
      const services = roles.map((role, index) => ({
        name: `s${index}`,
        env: 'prd',
        cluster: 'hub',
        namespace: 'n',
        role: `r${role}`,
        reach: [{ clusters: ['c0'], role: 'application', kubernetesUser: 'app' }],
      }));
      for (const { document } of documentsOf(fleet(1, services))) {
        const sids = document.Statement.map(({ Sid }) => Sid);
        for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
        expect(new Set(sids).size).toBe(sids.length);
      }
    }),
    { numRuns: 50 },
  );
});

const lower = (text: string): string => text.toLowerCase();

it('the apply order gives each document once, every trust before any permission', () => {
  fc.assert(
    fc.property(fleetModels, (model) => {
      const rendered = renderIam(graphOf(fleetText(model)));
      if (rendered.kind === 'invalid') throw new Error('over a quota');
      const { order, files } = rendered;
      expect(order.steps.map(({ step }) => step)).toEqual(order.steps.map((_, index) => index + 1));
      expect(files.map(({ path }) => path)).toEqual([
        '_iam/apply-order.json',
        ...order.steps.map(({ file }) => file),
      ]);
      expect(new Set(files.map(({ path }) => path.toLowerCase())).size).toBe(files.length);
      const kinds = order.steps.map(({ action }) => /trust|create/.test(action));
      expect(kinds).toEqual(kinds.toSorted((a, b) => Number(b) - Number(a)));
      for (const { action, file } of order.steps) {
        const existing = file.includes('/application/');
        expect(action).toMatch(
          existing ? /^add-.*-statements$/ : /^(create-role|put-permissions)$/,
        );
        expect(file.endsWith('-to-add.json')).toBe(existing);
      }
    }),
    { numRuns: 60 },
  );
});

function documentsOf(text: string): readonly { path: string; document: PolicyDocument }[] {
  const rendered = renderIam(graphOf(text));
  if (rendered.kind === 'invalid') throw new Error(JSON.stringify(rendered.problems));
  return rendered.files
    .filter(({ path }) => !path.endsWith('apply-order.json'))
    .map(({ path, text }) => ({ path, document: JSON.parse(text) as PolicyDocument }));
}
