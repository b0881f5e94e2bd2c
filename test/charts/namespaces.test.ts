import { execFileSync } from 'node:child_process';
import { App } from 'cdk8s';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { KiamChart } from '../../charts/kiam.ts';
import { Kube2iamChart } from '../../charts/kube2iam.ts';
import { prepare } from '../../charts/pipeline.ts';
import type { Region, RoleArn } from '../../src/names/arn.ts';
import { outputOf } from './support/examples.ts';

const account = '111122223333';
const role = (name: string): string => `arn:aws:iam::${account}:role/eks-${name}-prd`;
const agents = {
  kiam: { kiam: { serverRole: 'kiam-server', nodeRole: 'kiam-nodes', namespace: 'agents' } },
  kube2iam: { kube2iam: { nodeRoles: ['nodes'], namespace: 'agents' } },
};

/** A fleet whose services are in a namespace each. */
const fleet = (podIdentity: keyof typeof agents, services: Readonly<Record<string, object>>) =>
  stringify({
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'others',
    accounts: { main: account },
    clusters: [
      {
        name: 'one',
        account: 'main',
        region: 'eu-west-1',
        podIdentity,
        agents: agents[podIdentity],
      },
    ],
    services: Object.entries(services).map(([name, parts]) => ({
      ...{ name, env: 'prd', cluster: 'one', namespace: name, ...parts },
      policies: [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${name}/*`] }],
    })),
  });

const existing = { existingNamespace: true };

describe('annotations for namespaces of others', () => {
  const text = (podIdentity: keyof typeof agents): string => {
    const output = outputOf(fleet(podIdentity, { shop: existing, till: existing }));
    return output.find(({ path }) => path === '_namespaces/one.yaml')?.text ?? '';
  };

  it.each([
    ['kiam', 'permitted', (name: string) => `^(?:${role(name)})$`],
    ['kube2iam', 'allowed-roles', (name: string) => JSON.stringify([role(name)])],
  ] as const)('%s: a command adds what the file says, to the byte', (podIdentity, key, value) => {
    // Applied, kubectl would remove what their owner applied client-side.
    expect(text(podIdentity)).not.toMatch(/by server-side apply/);
    const commands = text(podIdentity).match(/^# kubectl .*$/gm) ?? [];
    const asked = commands.map((line) =>
      execFileSync('sh', ['-c', `kubectl() { printf '%s\\n' "$@"; }; ${line.slice(2)}`], {
        encoding: 'utf8',
      })
        .trimEnd()
        .split('\n'),
    );
    const names = ['shop', 'till'];
    expect(asked).toEqual(
      names.map((name) => [
        ...['annotate', '--field-manager=rollcall', 'namespace', name],
        `iam.amazonaws.com/${key}=${value(name)}`,
      ]),
    );
    expect(parseAllDocuments(text(podIdentity)).map((one) => one.toJS() as unknown)).toEqual(
      names.map((name) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, annotations: { [`iam.amazonaws.com/${key}`]: value(name) } },
      })),
    );
  });
});

describe('the namespace of an agent', () => {
  it.each(['kiam', 'kube2iam'] as const)(
    '%s: is no service’s: one would undo the other',
    (kind) => {
      const prepared = prepare(fleet(kind, { agents: {} }), 'fleet.yaml');
      expect(prepared).toMatchObject({
        kind: 'invalid',
        diagnostics: [
          {
            code: 'access/namespace-reserved',
            found: `namespace agents, which is ${kind}'s own`,
            line: expect.any(Number) as unknown,
          },
        ],
      });
    },
  );

  it.each(['kiam', 'kube2iam'] as const)('%s: is made once where a service is in it', (kind) => {
    const output = outputOf(fleet(kind, { agents: existing }));
    const made = output.filter(
      ({ path, text }) => path.startsWith('one/') && /^kind: Namespace$/m.test(text),
    );
    expect(made.map(({ path }) => path)).toEqual([`one/${kind}.k8s.yaml`]);
  });

  it.each(['kube-system', 'default'])('%s is Kubernetes’ own, and never made', (namespace) => {
    const app = new App();
    const roleArn = role('kiam') as RoleArn;
    const region = 'eu-west-1' as Region;
    const charts = [
      new KiamChart(app, 'kiam', { fleet: 'f', namespace, server: { roleArn } }),
      new Kube2iamChart(app, 'kube2iam', { fleet: 'f', namespace, agent: { region } }),
    ];
    const kinds = charts.flatMap((chart) =>
      (chart.toJson() as readonly { readonly kind: string }[]).map(({ kind }) => kind),
    );
    expect(kinds).toContain('DaemonSet');
    expect(kinds).not.toContain('Namespace');
  });
});
