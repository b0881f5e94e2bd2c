import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { compareUnits } from '../../charts/compare.ts';
import type { Output } from '../../charts/output.ts';
import { removals } from '../../charts/removals.ts';
import { treeOf } from './support/examples.ts';
import { outputWith } from './support/folders.ts';

const account = '111122223333';
const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/A';
const role = `arn:aws:iam::${account}:role/eks-shop-prd`;
const agents = {
  kiam: { kiam: { serverRole: 'kiam-server', nodeRole: 'kiam-nodes' } },
  kube2iam: { kube2iam: { nodeRoles: ['nodes'] } },
};
const agentsFor = (podIdentity: unknown): object =>
  podIdentity === 'kiam' || podIdentity === 'kube2iam' ? { agents: agents[podIdentity] } : {};

interface Choice {
  readonly existing?: boolean;
  readonly audience?: string;
  /** Default: one. */
  readonly restarts?: readonly object[];
}

const clusters = ['one', 'two'].map((name) => ({ name, accessControl: 'aws-auth' }) as const);
const nightly = {
  ...{ name: 'nightly', service: 'shop', schedule: '15 2 * * 1', clusters: ['two'] },
  workloads: [{ namespace: 'n', kind: 'Deployment', names: ['web'] }],
};

/** A service whose pods have an identity, and a restart that they run. */
const treeBy = (
  podIdentity: unknown,
  { existing = true, audience, restarts = [nightly] }: Choice = {},
) =>
  treeOf(
    stringify({
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'Fleet',
      name: 'others',
      accounts: { main: account },
      image: 'registry.example.com/rollcall:1.0.0',
      iam: { forms: ['json', 'eksctl'] },
      clusters: [
        {
          ...{ name: 'one', account: 'main', region: 'eu-west-1', oidcIssuer: issuer },
          ...agentsFor(podIdentity),
        },
        { name: 'two', account: 'main', region: 'eu-west-1' },
      ],
      services: [
        {
          ...{ name: 'shop', env: 'prd', cluster: 'one', namespace: 'shop' },
          ...{ serviceAccount: 'theirs', existingServiceAccount: existing },
          existingNamespace: true,
          podIdentity: audience === undefined ? podIdentity : { irsa: { audience } },
          policies: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop/*'] }],
          reach: [{ clusters: ['two'], role: 'target' }],
        },
      ],
      restarts,
    }),
  );

const outputBy = (...asked: Parameters<typeof treeBy>) => treeBy(...asked).files;

const without = (before: Output, after: Output) =>
  removals(compareUnits(before.units, after.units), before.applied, clusters);

interface Named {
  readonly kind: string;
  readonly spec?: { readonly jobTemplate: { readonly spec: unknown } };
  readonly subjects?: unknown;
}
const objectsOf = (output: Output['files'], path: string): readonly Named[] =>
  parseAllDocuments(output.find((file) => file.path === path)?.text ?? '').map(
    (document) => document.toJS() as Named,
  );
const file = '_serviceaccounts/one.yaml';
const ways = ['irsa', 'eks-pod-identity', 'kiam', 'kube2iam'] as const;

describe('a ServiceAccount of someone else’s', () => {
  it.each(ways)('by %s: is not generated, and pods and rights name it', (way) => {
    const hub = objectsOf(outputBy(way), 'one/hub.k8s.yaml');
    expect(hub.filter(({ kind }) => kind === 'ServiceAccount')).toEqual([]);
    expect(hub.find(({ kind }) => kind === 'CronJob')).toMatchObject({
      spec: { jobTemplate: { spec: { template: { spec: { serviceAccountName: 'theirs' } } } } },
    });
    expect(hub.filter(({ kind }) => kind === 'RoleBinding').map((one) => one.subjects)).toEqual([
      [{ kind: 'ServiceAccount', name: 'theirs', namespace: 'shop' }],
    ]);
    const ours = objectsOf(outputBy(way, { existing: false }), 'one/hub.k8s.yaml');
    expect(ours.filter(({ kind }) => kind === 'ServiceAccount')).toHaveLength(1);
  });

  it.each([...ways.slice(1), { irsa: { webhook: false } }])(
    'by %j: needs nothing on it, and there is no file',
    (way) => {
      expect(outputBy(way).map(({ path }) => path)).not.toContain(file);
    },
  );

  it('by irsa: a command adds what the webhook asks for, to the byte', () => {
    const audience = 'a.example.com';
    const { text = '' } = outputBy('irsa', { audience }).find(({ path }) => path === file) ?? {};
    const commands = text.match(/^# kubectl .*$/gm) ?? [];
    const asked = commands.map((line) =>
      execFileSync('sh', ['-c', `kubectl() { printf '%s\\n' "$@"; }; ${line.slice(2)}`], {
        encoding: 'utf8',
      })
        .trimEnd()
        .split('\n'),
    );
    const annotations = {
      'eks.amazonaws.com/role-arn': role,
      'eks.amazonaws.com/sts-regional-endpoints': 'true',
      'eks.amazonaws.com/audience': audience,
    };
    expect(asked).toEqual([
      [
        ...['annotate', '--field-manager=rollcall', 'serviceaccount', 'theirs', '--namespace=shop'],
        ...Object.entries(annotations).map(([key, value]) => `${key}=${value}`),
      ],
    ]);
    expect(parse(text)).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'theirs', namespace: 'shop', annotations },
    });
  });

  it('is left to its owner by eksctl too', () => {
    const eksctl = (existing: boolean) =>
      outputBy('irsa', { existing }).find(({ path }) => path === '_eksctl/one.yaml')?.text ?? '';
    expect(eksctl(false)).toContain('serviceAccounts');
    expect(eksctl(true)).not.toContain('serviceAccounts');
  });

  const annotation = (key: string) => ({
    where: 'one',
    what: `annotation eks.amazonaws.com/${key} of ServiceAccount shop/theirs`,
    how: `take the annotation eks.amazonaws.com/${key} off the ServiceAccount`,
  });

  it('gets each annotation taken off that it needs no more, and is not deleted', () => {
    const gone = (before: Output, after: Output) =>
      without(before, after).filter(({ what }) => what.includes('ServiceAccount'));
    const all = ['role-arn', 'sts-regional-endpoints'].map(annotation);
    expect(gone(treeBy('irsa'), outputWith({}))).toEqual(all);
    expect(gone(treeBy('irsa'), treeBy('eks-pod-identity'))).toEqual(all);
    const other = treeBy('irsa', { audience: 'a.example.com' });
    expect(gone(other, treeBy('irsa'))).toEqual([annotation('audience')]);
  });

  it('has an annotation with another value by its own name', () => {
    const [a, b] = ['a.example.com', 'b.example.com'].map(
      (audience) => treeBy('irsa', { audience }).units,
    );
    expect(compareUnits(a ?? [], b ?? []).filter(({ where }) => where === 'one')).toContainEqual({
      change: 'changed',
      ...{ where: 'one', what: annotation('audience').what },
    });
  });

  it('and nothing else to apply in its cluster is no file', () => {
    const restartless = outputBy('irsa', { restarts: [] });
    expect(restartless.map(({ path }) => path)).toContain(file);
    expect(restartless.filter(({ path }) => path.startsWith('one/'))).toEqual([]);
    expect(restartless.filter(({ text }) => text === '')).toEqual([]);
  });

  it('that was ours before is not simply deleted', () => {
    const gone = without(treeBy('irsa', { existing: false }), treeBy('irsa'));
    expect(gone).toContainEqual({
      where: 'one',
      what: 'ServiceAccount shop/theirs',
      how: 'delete it, unless it is someone else’s by now',
    });
  });
});
