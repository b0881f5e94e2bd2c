import { App, Testing } from 'cdk8s';
import { expect, it } from '@jest/globals';
import { Kube2iamChart, type Kube2iamChartProps } from '../../charts/kube2iam.ts';
import type { Region } from '../../src/names/arn.ts';

const region = 'eu-west-1' as Region;
const names = (more: Partial<Kube2iamChartProps> = {}) => {
  const props = { fleet: 'fleet', agent: { region }, ...more };
  const objects = Testing.synth(new Kube2iamChart(new App(), 'kube2iam', props)) as {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  }[];
  return objects.map(
    ({ kind, metadata: { namespace, name } }) =>
      `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
  );
};
const agent = (namespace: string) => [
  `ServiceAccount ${namespace}/kube2iam`,
  'ClusterRole rollcall:fleet:kube2iam',
  'ClusterRoleBinding rollcall:fleet:kube2iam',
  `DaemonSet ${namespace}/kube2iam`,
];

it.each([
  [{}, agent('kube-system')],
  [{ namespace: 'default' }, agent('default')],
  [{ namespace: 'iam' }, ['Namespace iam', ...agent('iam')]],
  [{ namespace: 'iam', existingNamespace: true }, agent('iam')],
])('makes a namespace that is its own: %j', (more, expected) => {
  expect(names(more)).toEqual(expected);
});
