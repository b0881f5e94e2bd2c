import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { PodAccess } from '../../src/access/graph.ts';
import { AwsConfigMap } from '../../src/constructs/aws-config-map.ts';
import { KubeconfigConfigMap } from '../../src/constructs/kubeconfig-config-map.ts';
import { golf, graphWith, hub, kiam, one, type Parts } from '../access/support/parts.ts';
import { exampleGraph } from '../access/support/plan.ts';
import { labels, made } from './support/own-app.ts';

interface ConfigMap {
  readonly metadata: { readonly name: string };
  readonly data: { readonly config: string };
}

const awsConfigOf = ({ awsConfig, namespace, service }: PodAccess): ConfigMap => {
  if (!awsConfig) throw new Error('no AWS profiles');
  return Object.values(
    made((scope) => {
      new AwsConfigMap(scope, 'config', { namespace, config: awsConfig, service, fleet: 'fleet' });
    }),
  )[0] as ConfigMap;
};

const podOf = (parts: Parts): PodAccess => {
  const [pod] = graphWith(parts).clusters.flatMap(({ pods }) => pods);
  if (!pod) throw new Error('no pod');
  return pod;
};

const agentsFor = (podIdentity: unknown) =>
  podIdentity === 'kube2iam' ? { kube2iam: { nodeRoles: ['nodes'] } } : kiam;
const reaching = (podIdentity: unknown, more: object = {}): Parts => ({
  clusters: [
    { ...hub, agents: agentsFor(podIdentity) },
    golf,
    { name: 'default', account: 'golf', region: 'eu-west-2' },
  ],
  services: [
    {
      ...one,
      podIdentity,
      awsConfig: true,
      reach: [{ clusters: ['golf'], role: 'app', externalId: 'x:1' }],
      ...more,
    },
  ],
});

const token = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';
const ours = 'arn:aws:iam::000000000001:role/eks-one-prd';
const app = 'arn:aws:iam::000000000002:role/app';

/** [what, by which identity, the lines of the service's own profile, those of the target's] */
const cases: readonly (readonly [string, unknown, readonly string[], readonly string[]])[] = [
  [
    'irsa',
    'irsa',
    [
      `role_arn = ${ours}`,
      `web_identity_token_file = ${token}`,
      'role_session_name = rollcall-one',
    ],
    [
      `role_arn = ${app}`,
      'external_id = x:1',
      'source_profile = default',
      'role_session_name = rollcall-one',
    ],
  ],
  [
    'irsa, one hop',
    { irsa: { hops: 1 } },
    [],
    [`role_arn = ${app}`, `web_identity_token_file = ${token}`, 'role_session_name = rollcall-one'],
  ],
  [
    'EKS Pod Identity',
    'eks-pod-identity',
    [],
    [
      `role_arn = ${app}`,
      'external_id = x:1',
      'credential_source = EcsContainer',
      'role_session_name = rollcall-one',
    ],
  ],
  ['EKS Pod Identity, its target role', { 'eks-pod-identity': { targetRole: true } }, [], []],
  ...(['kiam', 'kube2iam'] as const).map(
    (kind) =>
      [
        kind,
        kind,
        [],
        [
          `role_arn = ${app}`,
          'external_id = x:1',
          'credential_source = Ec2InstanceMetadata',
          'role_session_name = rollcall-one',
        ],
      ] as const,
  ),
];

describe('AwsConfigMap', () => {
  it.each(cases)('by %s', (_, podIdentity, own, reached) => {
    const { data } = awsConfigOf(podOf(reaching(podIdentity)));
    const lines = [
      ...['[default]', 'region = eu-west-1', ...own],
      ...['', '[profile golf]', 'region = eu-west-1', ...reached, ''],
    ];
    expect(data.config).toBe(lines.join('\n'));
  });

  it('is a ConfigMap of the service, named after its ServiceAccount', () => {
    expect(awsConfigOf(podOf(reaching('irsa')))).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'one-aws-config',
        namespace: 'n1',
        labels: labels('rollcall', 'one', 'aws-config'),
      },
    });
  });

  it('a cluster called default has a profile of its own', () => {
    const parts = reaching('irsa', { reach: [{ clusters: ['default'], role: 'app' }] });
    const { data } = awsConfigOf(podOf(parts));
    expect(data.config.match(/^\[.*\]$/gm)).toEqual(['[default]', '[profile _default]']);
    expect(data.config).toContain('\n[profile _default]\nregion = eu-west-2\n');
  });

  it('names no session longer than STS takes', () => {
    const name = 'l'.repeat(63);
    const { data } = awsConfigOf(podOf(reaching('irsa', { name, env: 'prd', role: 'own' })));
    const sessions = [...data.config.matchAll(/role_session_name = (.*)/g)].map(([, one]) => one);
    expect(sessions).toEqual([expect.stringMatching(/^rollcall-l{46}-[0-9a-f]{8}$/), sessions[0]]);
    expect(sessions[0]).toHaveLength(64);
  });

  it('gives the profiles of seed 003', () => {
    const pod = exampleGraph('seed-003')
      .clusters.flatMap(({ pods }) => pods)
      .find(({ service }) => service === 'medusa-core');
    if (!pod) throw new Error('no such service');
    const target = (name: string, account: string) =>
      [
        `[profile ${name}]`,
        'region = eu-west-1',
        `role_arn = arn:aws:iam::${account}:role/target-account-iam-role`,
        'source_profile = default',
        'role_session_name = rollcall-medusa-core',
        '',
      ].join('\n');
    const { metadata, data } = awsConfigOf(pod);
    expect(metadata.name).toBe('medusa-core-aws-config');
    expect(data.config).toBe(
      [
        [
          '[default]',
          'region = eu-west-1',
          'role_arn = arn:aws:iam::350842811077:role/ci-account-iam-role',
          `web_identity_token_file = ${token}`,
          'role_session_name = rollcall-medusa-core',
          '',
        ].join('\n'),
        target('dev', '111122223333'),
        target('stg', '444455556666'),
        target('prd', '777788889999'),
      ].join('\n'),
    );
  });
});

describe('KubeconfigConfigMap', () => {
  const connection = { endpoint: 'https://golf.example.com:8443', certificateAuthority: 'Q0E=' };
  const pem = Buffer.from('-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n');
  const certificateAuthority = pem.toString('base64');
  const cluster = (name: string, eksCluster: string) => ({
    ...golf,
    ...{ name, eksCluster, connection: { ...connection, certificateAuthority } },
  });
  const kubeconfigOf = (name: string): ConfigMap => {
    const { kubeconfig, namespace, service, awsConfig } = podOf({
      clusters: [hub, cluster(name, 'golf_eks')],
      services: [{ ...one, kubeconfig: true, reach: [{ clusters: [name], role: 'app' }] }],
    });
    if (!kubeconfig) throw new Error('no kubeconfig');
    // Its users are profiles.
    expect(awsConfig?.profiles.map((profile) => profile.name)).toContain(
      name === 'default' ? '_default' : name,
    );
    return Object.values(
      made((scope) => {
        new KubeconfigConfigMap(scope, 'config', {
          namespace,
          kubeconfig,
          service,
          fleet: 'fleet',
        });
      }),
    )[0] as ConfigMap;
  };

  it('has a context for each cluster, whose token the aws command makes by the profile', () => {
    const { metadata, data } = kubeconfigOf('golf');
    expect(metadata).toMatchObject({ name: 'one-kubeconfig', namespace: 'n1' });
    expect(parse(data.config)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'golf',
          cluster: {
            server: 'https://golf.example.com:8443',
            'certificate-authority-data': certificateAuthority,
          },
        },
      ],
      users: [
        {
          name: 'golf',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: 'aws',
              args: [
                ...['--region', 'eu-west-1', 'eks', 'get-token'],
                ...['--cluster-name', 'golf_eks', '--output', 'json'],
              ],
              env: [{ name: 'AWS_PROFILE', value: 'golf' }],
              interactiveMode: 'Never',
              provideClusterInfo: false,
            },
          },
        },
      ],
      contexts: [{ name: 'golf', context: { cluster: 'golf', user: 'golf' } }],
    });
  });

  it.each(['on', 'null', '1e3', '0o17', '012', 'default'])(
    'a cluster called %s stays a text',
    (name) => {
      const { data } = kubeconfigOf(name);
      for (const version of ['1.1', '1.2'] as const) {
        const { contexts } = parse(data.config, { version }) as { contexts: { name: unknown }[] };
        expect(contexts[0]?.name).toBe(name);
      }
    },
  );
});
