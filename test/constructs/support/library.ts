import { App, Chart, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  CrossAccountAccess,
  IdentityServiceAccount,
  IrsaServiceAccount,
  KeptNamespace,
  KiamNamespace,
  Kube2iamNamespace,
  PodIdentityServiceAccount,
  RestartCronJob,
} from '../../../src/index.ts';

export const ownRole = 'arn:aws:iam::000000000001:role/restarter';
export const targetRole = 'arn:aws:iam::000000000002:role/team/target';

/** The least that a restart is given. */
export const restartProps = {
  name: 'nightly',
  namespace: 'tools',
  region: 'eu-west-1',
  identity: { kind: 'irsa', roleArn: ownRole },
  image: 'registry.example.com/rollcall:1',
  schedule: '15 2 * * 1',
  targets: [{ name: 'one', region: 'eu-west-2', roleArn: targetRole }],
  workloads: [{ namespace: 'shop', names: ['b', 'a'] }],
} as const;

type Maker = (scope: Construct, id: string, props: never) => Construct;

interface Sample {
  /** As JavaScript gives them. */
  readonly props: Readonly<Record<string, unknown>>;
  readonly make: (
    scope: Construct,
    id: string,
    props: Readonly<Record<string, unknown>>,
  ) => Construct;
}

const sample = (make: Maker, props: Readonly<Record<string, unknown>>): Sample => ({
  props,
  make: (scope, id, given) => make(scope, id, given as never),
});

const account = { name: 'account', namespace: 'tools' };

/** Every construct of the library, with props that are in order. */
export const library: Readonly<Record<string, Sample>> = {
  CrossAccountAccess: sample((...args) => new CrossAccountAccess(...args), {
    name: 'access',
    user: 'restarter',
    workloads: restartProps.workloads,
    strategy: { diagnostics: false },
  }),
  IdentityServiceAccount: sample((...args) => new IdentityServiceAccount(...args), {
    ...account,
    annotations: { 'example.com/key': 'any "text"\n{{ .Values }}' },
  }),
  IrsaServiceAccount: sample((...args) => new IrsaServiceAccount(...args), {
    ...account,
    roleArn: ownRole,
  }),
  KeptNamespace: sample((...args) => new KeptNamespace(...args), { name: 'kept' }),
  KiamNamespace: sample((...args) => new KiamNamespace(...args), {
    name: 'kiam-users',
    roles: [ownRole],
  }),
  Kube2iamNamespace: sample((...args) => new Kube2iamNamespace(...args), {
    name: 'kube2iam-users',
    roles: [ownRole],
  }),
  PodIdentityServiceAccount: sample((...args) => new PodIdentityServiceAccount(...args), {
    ...account,
    roleArn: ownRole,
  }),
  RestartCronJob: sample((...args) => new RestartCronJob(...args), restartProps),
};

export const ownChart = (props: ChartProps = {}): Chart => new Chart(new App(), 'own', props);
