import { admin, app, golf, hub, hub2, kiam, one, shared, two, type Parts } from './parts.ts';

export type Case = readonly [code: string, path: string, parts: Parts, found: RegExp];

/** Conflicts of agents, people, files and shared roles. */
export const clusterCases: readonly Case[] = [
  [
    'access/kubeconfig-endpoint',
    'services.0.kubeconfig',
    { services: [{ ...one, kubeconfig: true, reach: [{ clusters: ['golf', 'golf2'] }] }] },
    /no connection of golf, golf2$/,
  ],
  [
    'access/profile-source-identity',
    'services.0.awsConfig',
    {
      iam: { sourceIdentity: true },
      services: [{ ...one, awsConfig: true, reach: [{ clusters: ['golf'] }] }],
    },
    /awsConfig: true/,
  ],
  [
    'access/user-conflict',
    'users.0',
    {
      services: [{ ...one, reach: [shared] }],
      users: [{ name: 'app', arn: app.replace('app', 'APP'), clusters: ['golf'] }],
    },
    /as \S+role\/app$/,
  ],
  [
    'access/user-shared',
    'users.0',
    {
      services: [{ ...one, reach: [{ ...shared, kubernetesUser: 'team:sts' }] }],
      users: [{ name: 'ann', arn: admin, username: 'team:{{SessionName}}', clusters: ['golf'] }],
    },
    /user team:\{\{SessionName\}\} for/,
  ],
  [
    'access/role-shared',
    'clusters.1.agents.kiam.serverRole',
    {
      clusters: [
        { ...hub, agents: kiam },
        { ...hub2, agents: kiam },
      ],
    },
    /the server's in cluster hub already$/,
  ],
  [
    'access/role-shared',
    'services.1.reach.0',
    {
      services: [
        { ...one, reach: [{ clusters: ['golf'], role: 'app', kubernetesUser: 'sts' }] },
        { ...two, reach: [{ clusters: ['golf2'], role: 'app', kubernetesUser: 'sts' }] },
      ],
    },
    /by which one has other clusters or other policies$/,
  ],
  [
    'access/two-agents',
    'clusters.0.agents',
    { clusters: [{ ...hub, agents: { ...kiam, kube2iam: { nodeRoles: ['nodes'] } } }] },
    /kiam and kube2iam in cluster hub$/,
  ],
  [
    'access/kiam-version',
    'clusters.0.agents.kiam.version',
    { clusters: [{ ...hub, agents: { kiam: { ...kiam.kiam, version: 'v3' } } }] },
    /v3/,
  ],
  [
    'access/partition-crossed',
    'users.0',
    { users: [{ name: 'ann', arn: admin, clusters: ['china', 'golf'] }] },
    /role\/admin in cluster china, which is in partition aws-cn$/,
  ],
  [
    'access/service-account-owner',
    'services.0.existingServiceAccount',
    { services: [{ ...one, existingServiceAccount: true }] },
    /ServiceAccount n1\/one, said to be existing in a namespace that is generated$/,
  ],
  [
    'access/service-account-owner',
    'services.0.existingServiceAccount',
    { services: [{ ...one, serviceAccount: 'default', existingServiceAccount: true }] },
    /ServiceAccount n1\/default/,
  ],
  [
    'access/moving-profiles',
    'services.0.awsConfig',
    {
      clusters: [{ ...hub, agents: kiam, migratingFrom: 'kiam' }],
      services: [{ ...one, awsConfig: true }, two],
    },
    /profiles of irsa in place of those of kiam/,
  ],
  [
    'access/moving-profiles',
    'services.0.kubeconfig',
    {
      services: [
        { ...one, kubeconfig: true, podIdentity: 'irsa', migratingFrom: { irsa: { hops: 1 } } },
      ],
    },
    /profiles of irsa in place of those of irsa with other hops/,
  ],
  [
    'access/moving-split',
    'clusters.0.migratingFrom',
    {
      clusters: [{ ...hub, migratingFrom: { irsa: { hops: 1 } } }, golf],
      services: ['n1', 'n2', 'n3'].map((name) => ({
        ...{ ...one, name, namespace: name },
        reach: [{ ...shared, kubernetesUser: 'app' }],
      })),
    },
    /role app, which is split otherwise before the move, during it or after it$/,
  ],
];
