import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { compareUnits } from '../../charts/compare.ts';
import type { Output } from '../../charts/output.ts';
import { removals, staysBehind, type KnownCluster, type Removal } from '../../charts/removals.ts';
import { exampleText, treeOf } from './support/examples.ts';
import { outputWith } from './support/folders.ts';

const nothing = outputWith({});
const without = (before: Output, after = nothing, clusters: readonly KnownCluster[] = []) =>
  removals(compareUnits(before.units, after.units), before.applied, clusters);

const inAwsAuth = (name: string): KnownCluster => ({ name, accessControl: 'aws-auth' });

/** In which part of taking out something belongs; of its own words, not of the code's ranks. */
const parts: readonly (readonly [part: string, Pick<RegExp, 'test'>])[] = [
  ['runs', /^\S+ CronJob /],
  ['ways in', /^\S+ aws-auth |^iam .*\/(?:access-entry|pod-identity-association)\//],
  ['rights', /^\S+ (?:Cluster)?Role(?:Binding)? |^\S+ annotation \S+ of Namespace /],
  ['statements', /^iam .*-to-add\.json: Rollcall\w+$/],
  ['policies', /^iam .*\/permissions\S*\.json$/],
  ['roles', /^iam .*\/trust-policy\.json$/],
  ['providers', /^iam .*\/oidc-provider\//],
  ['namespaces', /^\S+ Namespace /],
];
const partOf = ({ where, what }: Removal): string =>
  parts.find(([, words]) => words.test(`${where} ${what}`))?.[0] ?? 'what is at rest';

const inOrder = [
  ...['runs', 'what is at rest', 'ways in', 'rights', 'statements', 'policies', 'roles'],
  ...['providers', 'namespaces'],
];

const identities = treeOf(exampleText('identities'));

describe('what is to be taken out', () => {
  it.each(['identities', 'seed-000', 'seed-002', 'seed-004'] as const)(
    'of %s stands in an order in which nothing is cut off while it is at work',
    (example) => {
      const removed = without(treeOf(exampleText(example)));
      const found = removed.map(partOf);
      expect(found).toEqual(found.toSorted((a, b) => inOrder.indexOf(a) - inOrder.indexOf(b)));
      expect(new Set(found).size).toBeGreaterThan(4);
    },
  );

  it('a role goes before each role that it trusts: what is left would name a role that is gone', () => {
    const removed = without(identities)
      .filter((one) => partOf(one) === 'roles' && one.where === 'iam')
      .map(({ what }) => what);
    const arns = new Map(
      removed
        .map((what) => [`_iam/${what}`, what] as const)
        .flatMap(([path, what]) => {
          const file = identities.files.find((one) => one.path === path);
          return file ? [[what, file.text] as const] : [];
        }),
    );
    let seen = 0;
    for (const [index, what] of removed.entries()) {
      const [account = '', name = ''] = what.split('/');
      const trusting = [...arns].filter(([, text]) =>
        text.includes(`arn:aws:iam::${account}:role/rollcall/${name}"`),
      );
      seen += trusting.length;
      for (const [other] of trusting) expect(removed.indexOf(other)).toBeLessThan(index);
    }
    expect(seen).toBeGreaterThan(5);
  });

  it('a namespace is kept, somebody else’s role loses statements alone, a run under way ends', () => {
    const hows = (part: string, output = identities) =>
      new Set(
        without(output)
          .filter((one) => partOf(one) === part)
          .map(({ how }) => how),
      );
    expect(hows('namespaces')).toEqual(new Set(['keep it, or delete it by hand once it is empty']));
    expect(hows('statements')).toEqual(new Set(['take the statement out of the role again']));
    expect(hows('runs')).toEqual(new Set(['suspend it, let a run under way end, then delete it']));
    expect(hows('ways in', treeOf(exampleText('seed-000')))).toEqual(
      new Set(
        ['golf-dev', 'golf-pp', 'golf-prd'].map(
          (name) => `rollcall aws-auth remove --cluster ${name}, with its --context`,
        ),
      ),
    );
  });

  it.each([
    ['aws-auth', 'rollcall aws-auth apply takes it out'],
    [
      'access-entries',
      'see that access entries let everyone in (rollcall aws-auth migrate --cluster golf-prd), then rollcall aws-auth remove --cluster golf-prd',
    ],
  ] as const)(
    'an entry of aws-auth leaves a cluster with %s by the command that can',
    (way, how) => {
      const before = treeOf(exampleText('seed-000'));
      const removed = without(before, nothing, [{ name: 'golf-prd', accessControl: way }]);
      const ways = removed.filter((one) => one.where === 'golf-prd' && partOf(one) === 'ways in');
      expect(ways.map((one) => one.how)).toEqual([how]);
    },
  );

  it('leaves alone what a cluster has by a new name, and says who has it', () => {
    const before = treeOf(exampleText('seed-004'));
    const after = treeOf(exampleText('seed-004').replace('- name: dev\n', '- name: dev-two\n'));
    const removed = without(before, after, [inAwsAuth('prod'), inAwsAuth('dev-two')]);
    const inDev = removed.filter(({ where }) => where === 'dev');
    expect(inDev.length).toBeGreaterThan(3);
    expect(new Set(inDev.map(({ how }) => how))).toEqual(
      new Set(['leave it, if dev-two is this cluster by a new name; else as any other']),
    );
  });

  it('an account of Flux whose chart is gone is named, and what nothing deletes is known', () => {
    const before = treeOf(exampleText('seed-004'), 'flux');
    const after = treeOf(
      exampleText('seed-004')
        .replace('podIdentity: kube2iam', 'oidcIssuer: https://oidc.example.com/1')
        .replace(/ {4}agents:\n.*\n/, ''),
      'flux',
    );
    const removed = without(before, after, [inAwsAuth('prod'), inAwsAuth('dev')]);
    expect(removed.at(-1)).toEqual({
      where: 'prod',
      what: 'account flux-system/rollcall-iam-eks-kube2iam',
      how: 'delete it and its Roles once its Kustomization is gone (docs/flux.md, "Rights")',
    });
    expect(removed.filter(staysBehind)).toEqual([removed.at(-1)]);
  });

  it.each([
    ['flux', 'suspend its Kustomizations before'],
    ['argocd', '--cascade=orphan'],
  ] as const)(
    'what delivers by %s comes first, with how to keep what it has applied',
    (form, how) => {
      const text = `${exampleText('seed-000')}\ndelivery: { git: { url: 'ssh://git@example.com/x' } }\n`;
      const [before, after] = [treeOf(text, form), treeOf(text)];
      const [first] = without(before, after);
      expect(first?.what).toMatch(/^delivery by /);
      expect(first?.how).toContain(how);
      expect(staysBehind({ what: first?.what ?? '' })).toBe(false);
    },
  );

  it('what is kept by what it says is known to stay, and nothing else', () => {
    const kept = new Set(
      treeOf(exampleText('seed-000')).files.flatMap(({ text }) =>
        text
          .split('\n---\n')
          .filter((one) => one.includes('helm.sh/resource-policy: keep'))
          .map(
            (one) => parse(one) as { kind: string; metadata: { namespace?: string; name: string } },
          )
          .map(({ kind, metadata: { namespace, name } }) =>
            [kind, [namespace, name].filter(Boolean).join('/')].join(' '),
          ),
      ),
    );
    expect(kept.size).toBeGreaterThan(2);
    const known = treeOf(exampleText('seed-000')).units.filter(staysBehind);
    expect(new Set(known.map(({ what }) => what))).toEqual(kept);
  });

  it('names a statement and an access policy that are no longer asked for', () => {
    const caller = without(
      treeOf(exampleText('seed-000')),
      treeOf(
        exampleText('seed-000').replace('namespace: sts\n', 'namespace: sts\n    role: other\n'),
      ),
    );
    expect(caller).toContainEqual({
      where: 'iam',
      what: '508208880112/sts-prd-js-encryption-role/trust-statements-to-add.json: RollcallGradaTrustsEksKeyRestarterPrd',
      how: 'take the statement out of the role again',
    });
    const text = exampleText('seed-004');
    const demoted = without(
      treeOf(text),
      treeOf(text.replace('AmazonEKSViewPolicy', 'AmazonEKSSecretReaderPolicy')),
    );
    expect(demoted).toEqual([
      {
        where: 'iam',
        what: '555555555556/access-entry/dev: arn:aws:iam::555555555556:role/auditors: AmazonEKSViewPolicy',
        how: 'disassociate the access policy in EKS',
      },
    ]);
  });

  it('is nothing where nothing is gone', () => {
    expect(without(identities, identities)).toEqual([]);
    expect(without(nothing, identities)).toEqual([]);
  });

  it('of a service alone is what was its own', () => {
    const text = exampleText('identities')
      .replace(/ {2}- \{\n {6}name: by-pod,[^]*?\n {4}\}\n/, '')
      .replace(/ {2}- name: nightly-pod\n[^]*?(?= {2}- name: nightly-target)/, '');
    const removed = without(identities, treeOf(text));
    expect(removed.length).toBeGreaterThan(10);
    for (const { where, what } of removed) {
      expect(`${where} ${what}`).toMatch(/by-pod|nightly-pod|hub-pod-identity/);
    }
  });
});
