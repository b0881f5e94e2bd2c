import { describe, expect, it } from '@jest/globals';
import { findingCodes } from '../../src/access/findings.ts';
import { entries, findingsInClusters, user, type Case } from './support/cluster-findings.ts';
import { holds } from './support/holds.ts';
import { findingsOfRights } from './support/rights-findings.ts';
import { findingsOfServiceAccounts } from './support/service-account-findings.ts';
import { admin, byKiam, graphWith, hub, kiam, one, two, type Parts } from './support/parts.ts';
import type { FileCluster, FileService, FileUser } from './support/read-fleet.ts';

const findingsOf = (parts: Parts): readonly (readonly [string, string])[] =>
  graphWith(parts)
    .findings.filter(({ code }) => code !== unused)
    .map(({ code, path }) => [code, path.join('.')]);

const policy = (more: object) => ({
  actions: ['s3:GetObject'],
  resources: ['arn:aws:s3:::b/*'],
  ...more,
});
const asking = (...policies: readonly object[]): Parts => ({ services: [{ ...one, policies }] });
const rule = { groups: ['apps'], resources: ['deployments'], verbs: ['get'] };

const cases: readonly Case[] = [
  [
    'kiam',
    { clusters: [{ ...hub, agents: kiam }], services: [{ ...one, ...byKiam }, two] },
    [
      ['finding/legacy-identity', 'services.0'],
      ['finding/no-cert-manager', 'clusters.0'],
    ],
  ],
  [
    'kiam, and cert-manager that somebody has',
    {
      clusters: [{ ...hub, agents: kiam, infrastructure: { 'cert-manager': 'existing' } }],
      services: [{ ...one, ...byKiam }, two],
    },
    [['finding/legacy-identity', 'services.0']],
  ],
  [
    'kiam that somebody runs',
    {
      clusters: [{ ...hub, agents: { kiam: { ...kiam.kiam, existing: true } } }],
      services: [{ ...one, ...byKiam }, two],
    },
    [['finding/legacy-identity', 'services.0']],
  ],
  [
    'a move from kiam that is open',
    {
      clusters: [{ ...hub, agents: kiam, infrastructure: { 'cert-manager': 'existing' } }],
      services: [{ ...one, podIdentity: 'irsa', migratingFrom: 'kiam' }, two],
    },
    [['finding/open-migration', 'services.0.migratingFrom']],
  ],
  [
    'a group of EKS itself, by aws-auth',
    user({ groups: ['people', 'eks:nodewatcher'] }),
    [['finding/system-group', 'users.0']],
  ],
  [
    'EKS Pod Identity without session tags',
    { services: [{ ...one, podIdentity: { 'eks-pod-identity': { sessionTags: false } } }, two] },
    [['finding/no-session-tags', 'services.0']],
  ],
  [
    'kube2iam of two environments is one place, said once',
    {
      clusters: [
        { ...hub, podIdentity: 'kube2iam', agents: { kube2iam: { nodeRoles: ['nodes'] } } },
      ],
      services: [
        {
          name: 'one',
          envs: ['a', 'b'],
          cluster: 'hub',
          namespace: 'n-{env}',
          serviceAccount: 's',
        },
      ],
    },
    [['finding/legacy-identity', 'services.0']],
  ],
  [
    'all actions of a service, and each resource',
    asking(policy({}), policy({ actions: ['s3:ListBucket', 's3:*'], resources: ['*'] })),
    [
      ['finding/wildcard-action', 'services.0.policies.1.actions'],
      ['finding/wildcard-resource', 'services.0.policies.1.resources'],
    ],
  ],
  [
    'some actions of a service',
    asking(policy({ actions: ['s3:GetObjec?'] })),
    [['finding/wildcard-action', 'services.0.policies.0.actions']],
  ],
  ['a wildcard with its reason', asking(policy({ actions: ['s3:*'], reason: 'All of it.' })), []],
  [
    'rights for itself, whatever the reason',
    asking(policy({ actions: ['iam:PutRolePolicy'], reason: 'We need it.' })),
    [['finding/escalation', 'services.0.policies.0.actions.0']],
  ],
  ...(
    [
      'arn:aws:s3:::*',
      'arn:aws:eks:*:*:cluster/*',
      'arn:aws:ssm:*:*:parameter/*',
      'arn:aws:logs:*:*:log-group:*',
      'arn:aws:ssm:eu-west-1:*:parameter/a',
    ] as const
  ).map((resource): Case => [
    `all of a kind: ${resource}`,
    asking(policy({ resources: [resource] })),
    [['finding/wildcard-resource', 'services.0.policies.0.resources']],
  ]),
  ...(
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b-*', 'arn:aws:ssm:*:{account}:parameter/a/*'] as const
  ).map((resource): Case => [
    `a name stands before it: ${resource}`,
    asking(policy({ resources: [resource] })),
    [],
  ]),
  [
    'of a reach',
    {
      services: [
        { ...one, reach: [{ clusters: ['golf'], policies: [policy({ resources: ['*'] })] }] },
      ],
    },
    [['finding/wildcard-resource', 'services.0.reach.0.policies.0.resources']],
  ],
  ['system:masters', user({ groups: ['system:masters'] }), [['finding/cluster-admin', 'users.0']]],
  ['system:masters in an emergency', user({ groups: ['system:masters'], breakGlass: true }), []],
  [
    'the administrator’s access policy',
    { clusters: entries, ...user({ accessPolicies: [{ policy: 'AmazonEKSClusterAdminPolicy' }] }) },
    [['finding/cluster-admin', 'users.0']],
  ],
  [
    'the same in one namespace',
    {
      clusters: entries,
      ...user({
        accessPolicies: [{ policy: 'AmazonEKSClusterAdminPolicy', namespaces: ['a'] }],
      }),
    },
    [],
  ],
  ...(['groups', 'resources', 'verbs'] as const).map((key): Case => [
    `a rule with * in ${key}`,
    user({ rights: [{ level: 'view' }, { name: 'r', rules: [rule, { ...rule, [key]: ['*'] }] }] }),
    [['finding/wildcard-rule', 'users.0.rights.1']],
  ]),
  ['a rule without', user({ rights: [{ name: 'r', rules: [rule] }] }), []],
  [
    'no second factor',
    {
      users: [
        {
          name: 'ann',
          role: { name: 'r', trusted: [admin], mfa: false },
          groups: ['people'],
          clusters: ['golf'],
        },
      ],
    },
    [['finding/no-mfa', 'users.0.role']],
  ],
  [
    'a second factor, which is the default',
    {
      users: [
        {
          name: 'ann',
          role: { name: 'r', trusted: [admin] },
          groups: ['people'],
          clusters: ['golf'],
        },
      ],
    },
    [],
  ],
];

const chinas = 'arn:aws-cn:iam::000000000003:user/ann';
const unused = 'finding/unused-cluster';
const allCases = [
  ...cases,
  ...findingsInClusters,
  ...findingsOfRights,
  ...findingsOfServiceAccounts,
];

describe('what is allowed, and worth a second look', () => {
  it('clusters in which nothing is', () => {
    const parts = {
      services: [{ ...one, reach: [{ clusters: ['golf'] }] }],
      users: [{ name: 'ann', arn: chinas, groups: ['people'], clusters: ['china'] }],
    };
    expect(graphWith(parts).findings.map(({ code, path }) => [code, path.join('.')])).toEqual([
      [unused, 'clusters.1'],
      [unused, 'clusters.3'],
    ]);
  });

  it('once for all clusters, where nothing uses any', () => {
    const { findings } = graphWith({});
    expect(findings.map(({ code, path }) => [code, path.join('.')])).toEqual([
      [unused, 'clusters'],
    ]);
    expect(findings[0]?.found).toBe('5 clusters, and no service and no user');
    expect(findings[0]?.next).toMatch(/^Add services, .*restarts/);
  });

  it.each(allCases)('%s', (_, parts, found) => {
    expect(findingsOf(parts)).toEqual(found);
  });

  it('every code has a case', () => {
    const all = allCases.flatMap(([, , found]) => found.map(([code]) => code));
    const seen = new Set([...all, unused]);
    expect([...seen].sort()).toEqual([...findingCodes].sort());
  });

  it('each says what was found, what is expected, and what to do', () => {
    for (const [, parts] of allCases) {
      for (const finding of graphWith(parts).findings) {
        expect(finding.found && finding.expected && finding.next).toBeTruthy();
      }
    }
  });
});

/** The finding's codes, read off the file by what the drawn parts are known to be. */
function expected(text: string): readonly string[] {
  const { clusters, services, users } = JSON.parse(text) as {
    clusters: FileCluster[];
    services: FileService[];
    users: FileUser[];
  };
  const hasKiam = ({ name, podIdentity }: FileCluster) =>
    services.some(
      (one) =>
        one.cluster === name &&
        JSON.stringify(one.podIdentity ?? podIdentity ?? '').includes('"kiam"'),
    );
  const used = [
    ...services.flatMap(({ cluster }) => cluster ?? []),
    ...services.flatMap(({ reach }) => reach.flatMap((one) => one.clusters)),
    ...users.flatMap((one) => one.clusters),
  ];
  return [
    ...(services.length + users.length === 0 ? clusters.slice(0, 1) : clusters)
      .filter(({ name }) => !used.includes(name))
      .map(() => 'unused-cluster'),
    ...services
      .filter(({ kubeconfig, reach }) => kubeconfig && reach.length === 0)
      .map(() => 'empty-kubeconfig'),
    ...services.flatMap(({ podIdentity, policies = [], reach }) => [
      ...(/kiam|kube2iam/.test(JSON.stringify(podIdentity ?? '')) ? ['legacy-identity'] : []),
      ...(/"sessionTags":false/.test(JSON.stringify(podIdentity ?? '')) ? ['no-session-tags'] : []),
      ...[...policies, ...reach.flatMap((one) => one.policies ?? [])]
        .filter(({ actions, reason }) => actions.includes('config:*') && reason === undefined)
        .flatMap(() => ['wildcard-action', 'wildcard-resource']),
    ]),
    ...users.flatMap(({ groups, breakGlass, rights, accessPolicies = [], role }) => [
      ...(!breakGlass &&
      (groups.includes('system:masters') ||
        accessPolicies.some(({ policy }) => policy === 'AmazonEKSClusterAdminPolicy'))
        ? ['cluster-admin']
        : []),
      ...(rights.some(({ name }) => name === 'broad') ? ['wildcard-rule'] : []),
      ...(role?.mfa === false ? ['no-mfa'] : []),
    ]),
    ...clusters
      .filter((one) => one.agents?.kiam && one.agents.kiam.existing !== true && hasKiam(one))
      .map(() => 'no-cert-manager'),
  ].map((code) => `finding/${code}`);
}

it('findings are where they are asked for, each once, and nowhere else', () => {
  holds(({ text, graph: { findings } }) => {
    expect(findings.map(({ code }) => code).toSorted()).toEqual(expected(text).toSorted());
    const keys = findings.map(({ code, path }) => `${code} ${path.join('.')}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
