import type { Chart } from 'cdk8s';
import { describe, expect, it } from '@jest/globals';
import {
  IrsaServiceAccount,
  PodIdentityServiceAccount,
  PropsError,
  RestartCronJob,
  type RestartIdentity,
} from '../../src/index.ts';
import { made } from './support/own-app.ts';
import { ownChart, ownRole, restartProps, targetRole } from './support/library.ts';

const account = { name: 'account', roleArn: ownRole };
const { namespace: tools, ...others } = restartProps;
const inTools = { ...account, namespace: tools };

/** Each has the identity of something in the namespace `tools`. */
const ofTools: Readonly<Record<string, (chart: Chart) => RestartIdentity>> = {
  IrsaServiceAccount: (chart) => new IrsaServiceAccount(chart, 'account', inTools).identity,
  PodIdentityServiceAccount: (chart) =>
    new PodIdentityServiceAccount(chart, 'account', { ...inTools, targetRoleArn: targetRole })
      .identity,
  'irsa-direct': () => ({ kind: 'irsa-direct', serviceAccount: 'account', namespace: 'tools' }),
  kiam: () => ({ kind: 'kiam', roleArn: ownRole, namespace: 'tools' }),
  kube2iam: () => ({ kind: 'kube2iam', roleArn: ownRole, namespace: 'tools' }),
};

function problemsOf(make: () => unknown) {
  try {
    make();
  } catch (error) {
    if (error instanceof PropsError) return error.problems;
    throw error;
  }
  return [];
}

describe.each(Object.entries(ofTools))('an identity of namespace tools, %s', (_, identityIn) => {
  it('is for a restart of that namespace, its own or its chart’s', () => {
    for (const [chart, props] of [
      [ownChart(), restartProps],
      [ownChart({ namespace: tools }), others],
    ] as const) {
      const identity = identityIn(chart);
      expect(problemsOf(() => new RestartCronJob(chart, 'r', { ...props, identity }))).toEqual([]);
    }
  });

  it('is refused in another, its own or its chart’s', () => {
    const namespace = 'other';
    for (const [chart, props] of [
      [ownChart(), { ...others, namespace }],
      [ownChart({ namespace }), others],
    ] as const) {
      const identity = identityIn(chart);
      expect(problemsOf(() => new RestartCronJob(chart, 'r', { ...props, identity }))).toEqual([
        {
          code: 'construct/other-namespace',
          prop: 'identity.namespace',
          found: 'the namespace "tools", for a restart in the namespace "other"',
          expected: 'one namespace: pods have the identity of their own namespace alone',
          next: 'Give the restart the namespace "tools", or an identity that is for "other".',
        },
      ]);
    }
  });
});

it('an identity without a namespace is for any, and makes what one with it makes', () => {
  const objects = (identity: RestartIdentity) =>
    made((scope) => new RestartCronJob(scope, 'restart', { ...restartProps, identity }));
  const identity = { kind: 'irsa', roleArn: ownRole, serviceAccount: 'account' } as const;
  expect(objects(identity)).toEqual(objects({ ...identity, namespace: 'tools' }));
});

it('a namespace that is none is said once, where it stands', () => {
  const make = (namespace: string, ofIdentity: string) => () => {
    const identity = { kind: 'kiam', roleArn: ownRole, namespace: ofIdentity } as const;
    new RestartCronJob(ownChart(), 'r', { ...restartProps, namespace, identity });
  };
  const places = (...of: [string, string]) => problemsOf(make(...of)).map(({ prop }) => prop);
  expect(places('no name', 'tools')).toEqual(['namespace']);
  expect(places('tools', 'no name')).toEqual(['identity.namespace']);
});
