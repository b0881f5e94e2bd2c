import { admin, app, hub, hub2, kiam, one, shared, two, type Parts } from './parts.ts';

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
];
