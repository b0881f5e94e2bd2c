import type { Region, RoleArn } from '../../../../src/names/arn.ts';
import type { PlannedIdentity } from '../../../../src/plan/restart-plan.ts';
import {
  hubAccount,
  hubRole,
  issuer,
  issuerHost,
  policy,
  subject,
  webIdentityTrust,
  type Json,
} from '../../../simulator/support/aws.ts';
import {
  priorState,
  type FleetOptions,
  type OutputFiles,
} from '../../../simulator/support/fleet.ts';

/** The fleet of the simulator's tests, with another way to the hub's identity. */
export interface MechanismFleet {
  readonly identity: PlannedIdentity;
  readonly fleet: FleetOptions;
  /** Of the targets. */
  readonly externalId?: string;
}

const region = 'eu-west-1' as Region;
const roleArn = hubRole as RoleArn;
const order = '_iam/apply-order.json';
const hubDir = `_iam/${hubAccount}/eks-key-restarter-prd`;
const golf = { account: '508208880112', role: 'sts-prd-js-encryption-role' };
const hotel = { account: '214365870921', role: 'eks-key-restarter-prd' };
const targets = [golf, hotel];
const arnOf = ({ account, role }: typeof golf) => `arn:aws:iam::${account}:role/${role}`;
const trustOf = ({ account, role }: typeof golf) => `_iam/${account}/${role}/trust-policy.json`;

interface Order {
  readonly prerequisites: readonly unknown[];
  steps: { step: number }[];
}

/** Puts steps at the end, or the beginning. */
function addSteps(files: OutputFiles, steps: readonly Json[], at: 'end' | 'start' = 'end'): void {
  const known = files[order] as Order;
  const all = at === 'end' ? [...known.steps, ...steps] : [...steps, ...known.steps];
  known.steps = all.map((one, index) => ({ ...one, step: index + 1 }));
}

const assume = (more: Json = {}): Json => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  ...more,
});

/** Each target's role trusts the hub's. */
function trustHub(files: OutputFiles, actions: readonly string[], condition: Json = {}): void {
  for (const target of targets) {
    files[trustOf(target)] = policy(
      assume({ Action: actions, Principal: { AWS: hubRole }, Condition: condition }),
    );
  }
  files[`${hubDir}/permissions.json`] = policy(
    assume({ Action: actions, Resource: targets.map(arnOf) }),
  );
}

const ec2 = policy(assume({ Principal: { Service: 'ec2.amazonaws.com' } }));
const inHub = (name: string) => `arn:aws:iam::${hubAccount}:role/${name}`;

/** The prior state, with more of the hub. */
function withHub(account: Json, cluster: Json): unknown {
  const prior = priorState() as { accounts: Json[]; clusters: Json[] };
  return {
    ...prior,
    accounts: prior.accounts.map((one) => (one.id === hubAccount ? { ...one, ...account } : one)),
    clusters: prior.clusters.map((one) => (one.name === 'ci' ? { ...one, ...cluster } : one)),
  };
}

const cronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'after-key-creation', namespace: 'sts' },
  spec: {
    schedule: '15 2 * * 1',
    jobTemplate: {
      spec: {
        template: { metadata: { annotations: { 'iam.amazonaws.com/role': hubRole } }, spec: {} },
      },
    },
  },
};

/** The hub's objects: its namespace and its pods annotated, its ServiceAccount not. */
function annotateForAgent(files: OutputFiles, annotations: Json): void {
  const manifests = files['ci/ci.k8s.yaml'] as { kind: string; metadata: Json }[];
  files['ci/ci.k8s.yaml'] = [...manifests, cronJob].map((one) => {
    if (one.kind === 'Namespace') return { ...one, metadata: { ...one.metadata, annotations } };
    if (one.kind !== 'ServiceAccount') return one;
    return { ...one, metadata: { ...one.metadata, annotations: {} } };
  });
}

const association = (more: Json = {}): Json => ({
  action: 'create-pod-identity-association',
  account: hubAccount,
  region: 'eu-west-1',
  cluster: 'ci',
  namespace: 'sts',
  serviceAccount: 'key-restarter',
  roleArn: hubRole,
  disableSessionTags: false,
  ...more,
});

const podTrust = policy(
  assume({
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Condition: {
      StringEquals: {
        'aws:SourceAccount': hubAccount,
        'aws:RequestTag/kubernetes-namespace': 'sts',
        'aws:RequestTag/kubernetes-service-account': 'key-restarter',
      },
    },
  }),
);

const direct: MechanismFleet = {
  identity: { kind: 'irsa-direct', region, sessionSeconds: 3600 },
  fleet: {
    change(files) {
      for (const target of targets) {
        const arn = `arn:aws:iam::${target.account}:oidc-provider/${issuerHost}`;
        files[trustOf(target)] = policy(webIdentityTrust({ Principal: { Federated: arn } }));
        const ofProvider = { account: target.account, arn, issuer };
        const more = { clientIds: ['sts.amazonaws.com'], tags: {} };
        addSteps(files, [{ action: 'create-oidc-provider', ...ofProvider, ...more }], 'start');
      }
    },
  },
};

const podIdentity: MechanismFleet = {
  identity: { kind: 'eks-pod-identity', roleArn, region, targetRole: false },
  fleet: {
    change(files) {
      files[`${hubDir}/trust-policy.json`] = podTrust;
      trustHub(files, ['sts:AssumeRole', 'sts:TagSession']);
      addSteps(files, [association()]);
    },
  },
};

/** One target: the association has it. */
const targetRole: MechanismFleet = {
  identity: { kind: 'eks-pod-identity', roleArn, region, targetRole: true },
  fleet: {
    prior: withHub({}, { associationExternalIds: { 'sts/key-restarter': 'eks-gave-it' } }),
    change(files) {
      files[`${hubDir}/trust-policy.json`] = podTrust;
      trustHub(files, ['sts:AssumeRole', 'sts:TagSession'], {
        StringEquals: { 'sts:ExternalId': 'eks-gave-it' },
      });
      addSteps(files, [association({ targetRoleArn: arnOf(hotel) })]);
    },
  },
};

const kiam: MechanismFleet = {
  identity: { kind: 'kiam', roleArn, region, sourceIdentity: 'key-restarter' },
  externalId: 'grada:key-restarter',
  fleet: {
    prior: withHub(
      {
        roles: [
          {
            name: 'servers',
            trust: ec2,
            policies: { p: policy(assume({ Resource: inHub('kiam-server') })) },
          },
          {
            name: 'kiam-server',
            trust: policy(assume({ Principal: { AWS: inHub('servers') } })),
            policies: { p: policy(assume({ Resource: hubRole })) },
          },
          { name: 'nodes', trust: ec2 },
        ],
      },
      {
        nodeRole: inHub('nodes'),
        kiamServerNodeRole: inHub('servers'),
        kiam: { serverRole: inHub('kiam-server') },
      },
    ),
    change(files) {
      annotateForAgent(files, { 'iam.amazonaws.com/permitted': `^(?:${hubRole})$` });
      files[`${hubDir}/trust-policy.json`] = policy(
        assume({ Principal: { AWS: inHub('kiam-server') } }),
      );
      trustHub(files, ['sts:AssumeRole', 'sts:SetSourceIdentity'], {
        StringEquals: { 'sts:ExternalId': 'grada:key-restarter' },
      });
    },
  },
};

const kube2iam: MechanismFleet = {
  identity: { kind: 'kube2iam', roleArn, region },
  fleet: {
    prior: withHub(
      {
        roles: [
          {
            name: 'nodes',
            trust: ec2,
            policies: { p: policy(assume({ Resource: hubRole })) },
          },
        ],
      },
      { nodeRole: inHub('nodes'), kube2iam: {} },
    ),
    change(files) {
      annotateForAgent(files, { 'iam.amazonaws.com/allowed-roles': JSON.stringify([hubRole]) });
      files[`${hubDir}/trust-policy.json`] = policy(assume({ Principal: { AWS: inHub('nodes') } }));
    },
  },
};

const irsa: MechanismFleet = {
  identity: { kind: 'irsa', roleArn, region },
  fleet: {},
};

export const mechanismFleets = { irsa, direct, podIdentity, targetRole, kiam, kube2iam } as const;
export type MechanismName = keyof typeof mechanismFleets;

/** The ServiceAccount of all of them. */
export const serviceAccount = { namespace: 'sts', name: subject.split(':')[3] ?? '' };
