import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { checkPriorState } from '../../../src/simulator/load/prior-state.ts';
import { loadWorld } from '../../../src/simulator/load/world.ts';
import type { LoadOptions, World } from '../../../src/simulator/load/world.ts';
import type { SimClock } from '../../../src/simulator/clock.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import { allow, hubAccount, hubRole, issuer, policy, roleTrust, webIdentityTrust } from './aws.ts';
import type { Json } from './aws.ts';

/** Generated files by path. A test may change them before they are loaded. */
export type OutputFiles = Record<string, unknown>;

interface Target {
  readonly cluster: string;
  readonly account: string;
  readonly role: string;
  readonly existing: boolean;
  readonly workloads: readonly string[];
}

const targets: readonly Target[] = [
  {
    cluster: 'golf-prd',
    account: '508208880112',
    role: 'sts-prd-js-encryption-role',
    existing: true,
    workloads: ['encrypter'],
  },
  {
    cluster: 'hotel-prd',
    account: '214365870921',
    role: 'eks-key-restarter-prd',
    existing: false,
    workloads: ['encrypter', 'decrypter'],
  },
];

const arnOf = ({ account, role }: Target): string => `arn:aws:iam::${account}:role/${role}`;
const eksName = (cluster: string): string => `${cluster}-cluster`;

/** What steps say besides. */
const ofAction: Readonly<Record<string, Json>> = {
  'create-role': { path: '/', maxSessionSeconds: 3600, tags: {} },
  'add-trust-statements': { maxSessionSeconds: 3600 },
  'put-permissions': { policy: 'rollcall-grada' },
  'add-permission-statements': { policy: 'rollcall-grada' },
};

/** What the generator writes for one hub and two targets, by its contract. */
export function generatedFiles(): OutputFiles {
  const hubDir = `_iam/${hubAccount}/eks-key-restarter-prd`;
  const step = (action: string, account: string, role: string, file: string): Json => ({
    action,
    account,
    role,
    arn: `arn:aws:iam::${account}:role/${role}`,
    file,
    ...ofAction[action],
  });
  const steps = [
    step('create-role', hubAccount, 'eks-key-restarter-prd', `${hubDir}/trust-policy.json`),
    step('put-permissions', hubAccount, 'eks-key-restarter-prd', `${hubDir}/permissions.json`),
    ...targets.flatMap(({ account, role, existing }) => {
      const dir = `_iam/${account}/${role}`;
      const [trust, permissions] = existing
        ? ['add-trust-statements', 'add-permission-statements']
        : ['create-role', 'put-permissions'];
      return [
        step(trust, account, role, `${dir}/trust-policy.json`),
        step(permissions, account, role, `${dir}/permissions.json`),
      ];
    }),
  ];
  const files: OutputFiles = {
    '_iam/apply-order.json': {
      prerequisites: [{ kind: 'oidc-provider', account: hubAccount, issuer }],
      steps: steps.map((one, index) => ({ step: index + 1, ...one })),
    },
    [`${hubDir}/trust-policy.json`]: policy(webIdentityTrust()),
    [`${hubDir}/permissions.json`]: policy(allow('sts:AssumeRole', targets.map(arnOf))),
    'ci/ci.k8s.yaml': hubManifests,
  };
  for (const target of targets) {
    const { cluster, account, role } = target;
    const arn = `arn:aws:eks:eu-west-1:${account}:cluster/${eksName(cluster)}`;
    files[`_iam/${account}/${role}/trust-policy.json`] = policy(roleTrust(hubRole));
    files[`_iam/${account}/${role}/permissions.json`] = policy(allow('eks:DescribeCluster', arn));
    files[`${cluster}/${cluster}.k8s.yaml`] = targetManifests(target);
    files[`_aws-auth/${cluster}.yaml`] = {
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'AwsAuthFragment',
      fleet: 'grada',
      cluster,
      mapRoles: [{ rolearn: arnOf(target), username: 'sts', groups: [] }],
    };
  }
  return files;
}

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const named = (name: string) => ({ metadata: { name, namespace: 'sts' } });
const binding = (subject: Json) => ({
  ...rbac,
  kind: 'RoleBinding',
  ...named('key-restarter'),
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'key-restarter' },
  subjects: [subject],
});

// The Namespace stands last: an apply makes namespaces first, whatever the order in the file.
const hubManifests: readonly unknown[] = [
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      ...named('key-restarter').metadata,
      annotations: { 'eks.amazonaws.com/role-arn': hubRole },
    },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', ...named('after-key-creation-record-1') },
  {
    ...rbac,
    kind: 'Role',
    ...named('key-restarter'),
    rules: [
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['after-key-creation-record-1'],
        verbs: ['get', 'update', 'patch'],
      },
    ],
  },
  binding({ kind: 'ServiceAccount', name: 'key-restarter', namespace: 'sts' }),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sts' } },
];

const targetManifests = ({ workloads }: Target): readonly unknown[] => [
  {
    ...rbac,
    kind: 'Role',
    ...named('key-restarter'),
    rules: [
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        resourceNames: workloads,
        verbs: ['get', 'patch'],
      },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] },
    ],
  },
  binding({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'sts' }),
];

const ownTrust = policy({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

/** What is there before: node roles in aws-auth, the application's role, the workloads. */
export const priorState = (): Record<string, unknown> => ({
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'PriorState',
  accounts: [
    { id: hubAccount, oidcProviders: [{ issuer }] },
    ...targets.map(({ account, role, existing }) => ({
      id: account,
      roles: existing ? [{ name: role, trust: ownTrust }] : [],
    })),
  ],
  clusters: [
    { name: 'ci', account: hubAccount, region: 'eu-west-1', oidcIssuer: issuer },
    ...targets.map(({ cluster, account, workloads }) => ({
      name: cluster,
      account,
      region: 'eu-west-1',
      eksCluster: eksName(cluster),
      awsAuth: {
        mapUsers: '[]',
        mapRoles: `# nodes\n- rolearn: arn:aws:iam::${account}:role/nodes\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [system:nodes]\n`,
      },
      deployments: workloads.map((name) => ({ namespace: 'sts', name, rolloutSeconds: 0.1 })),
    })),
  ],
});

/** Appends the fragment's entries: the real merge is tested where it lives. */
export const appendAwsAuth: LoadOptions['mergeAwsAuth'] = (existing, fragment) =>
  `${existing ?? ''}${stringify((fragment as { mapRoles: unknown }).mapRoles)}`;

export interface FleetOptions {
  readonly clock?: SimClock;
  readonly prior?: unknown;
  /** Changes the generated files before they are written. */
  readonly change?: (files: OutputFiles) => void;
  readonly mergeAwsAuth?: LoadOptions['mergeAwsAuth'];
}

/** Writes the generated files to a folder of its own, loads them, and removes the folder. */
export async function loadFleet(options: FleetOptions = {}): Promise<World> {
  const { clock = new VirtualClock(), mergeAwsAuth = appendAwsAuth } = options;
  const files = generatedFiles();
  options.change?.(files);
  const outputDir = await mkdtemp(join(tmpdir(), 'rollcall-fleet-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(outputDir, dirname(path)), { recursive: true });
      await writeFile(join(outputDir, path), textOf(path, content));
    }
    const prior = checkPriorState(options.prior ?? priorState());
    return await loadWorld({ outputDir, prior, clock, mergeAwsAuth, seed: 'test' });
  } finally {
    await rm(outputDir, { recursive: true });
  }
}

function textOf(path: string, content: unknown): string {
  if (typeof content === 'string') return content;
  if (path.endsWith('.json')) return JSON.stringify(content);
  const documents: readonly unknown[] = Array.isArray(content) ? content : [content];
  return documents.map((one) => stringify(one)).join('---\n');
}
