import { App, Testing } from 'cdk8s';
import { expect, it } from '@jest/globals';
import { KiamChart, type KiamChartProps } from '../../charts/kiam.ts';
import { role } from './support/own-app.ts';

interface Synthesized {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const kiam = (more: Partial<KiamChartProps> = {}) =>
  Testing.synth(
    new KiamChart(new App(), 'kiam', { fleet: 'fleet', server: { roleArn: role }, ...more }),
  ) as Synthesized[];
const names = (objects: readonly Synthesized[]) =>
  objects.map(
    ({ kind, metadata: { namespace, name } }) =>
      `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
  );

const withoutNamespace = (namespace: string) => [
  `Issuer ${namespace}/kiam-self-signed`,
  `Certificate ${namespace}/kiam-ca`,
  `Issuer ${namespace}/kiam-ca`,
  `Certificate ${namespace}/kiam-agent`,
  `Certificate ${namespace}/kiam-server`,
  `ServiceAccount ${namespace}/kiam-server`,
  'ClusterRole rollcall:fleet:kiam-server',
  'ClusterRoleBinding rollcall:fleet:kiam-server',
  `Service ${namespace}/kiam-server`,
  `DaemonSet ${namespace}/kiam-server`,
  `ServiceAccount ${namespace}/kiam-agent`,
  `DaemonSet ${namespace}/kiam-agent`,
];

it('is all of kiam in a namespace of its own, with no Secret in it', () => {
  const objects = kiam();
  expect(names(objects)).toEqual(['Namespace kiam', ...withoutNamespace('kiam')]);
  expect(objects[0]).toMatchObject({
    metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
  });
});

it('leaves someone else’s namespace alone', () => {
  const objects = kiam({ namespace: 'iam', existingNamespace: true });
  expect(names(objects)).toEqual(withoutNamespace('iam'));
});

it('keeps the agents off the server’s nodes, whichever these are', () => {
  const objects = kiam({ server: { roleArn: role, nodeSelector: { pool: 'a' } } });
  const pods = (name: string) =>
    objects.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === name);
  expect(pods('kiam-server')).toMatchObject({
    spec: { template: { spec: { nodeSelector: { pool: 'a' } } } },
  });
  expect(JSON.stringify(pods('kiam-agent'))).toContain(
    '{"key":"pool","operator":"NotIn","values":["a"]}',
  );
});

it('hands everything on', () => {
  const objects = kiam({
    agent: { hostInterface: 'cali+' },
    certificates: { issuer: 'ClusterIssuer' },
  });
  expect(names(objects)).toContain('ClusterIssuer kiam-ca');
  expect(JSON.stringify(objects)).toContain('--host-interface=cali+');
});
