import { library, ownRole, restartProps, targetRole } from './library.ts';

/** As JavaScript gives it. */
export type Plain =
  | undefined
  | null
  | string
  | number
  | boolean
  | readonly Plain[]
  | { readonly [key: string]: Plain };

const condition = { apiVersion: 'v1', resource: 'nodes', name: 'n', type: 'Ready', status: 'True' };
const pem = Buffer.from('-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n');

/** A restart with every prop that there is. */
const restart = {
  ...restartProps,
  ...{ fleet: 'fleet', timeZone: 'Europe/London', suspend: false },
  ...{ startingDeadlineSeconds: 100, terminationGracePeriodSeconds: 100, backoffLimit: 1 },
  identity: {
    ...{ kind: 'irsa', roleArn: ownRole, serviceAccount: 'account', audience: 'sts' },
    namespace: restartProps.namespace,
    ...{ tokenExpiration: '1h', regionalEndpoints: true, webhook: true },
  },
  targets: [
    {
      ...{ name: 'one', eksCluster: 'one', region: 'eu-west-2', roleArn: targetRole },
      ...{ externalId: 'external', labels: { wave: 'a' }, paused: false },
      connection: { endpoint: 'https://1.example', certificateAuthority: pem.toString('base64') },
    },
    { name: 'two', region: 'eu-west-2', roleArn: `${targetRole}-2` },
  ],
  workloads: [
    { name: 'first', namespace: 'shop', kind: 'Deployment', names: ['a'] },
    { name: 'second', namespaces: ['shop'], selector: { app: 'b' }, after: ['first'] },
  ],
  strategy: {
    waves: [
      {
        ...{ name: 'canary', clusters: { wave: 'a' }, soak: '1m' },
        gates: [
          { approval: { timeout: '1h' } },
          { condition: { ...condition, namespace: 'tools', timeout: '1m' } },
          { prometheus: { url: 'http://prometheus:9090', query: 'up', timeout: '1m' } },
          { job: { image: 'check', command: ['check'], timeout: '1m' } },
        ],
      },
      { name: 'others', clusters: ['two'] },
    ],
    ...{ preflight: 'each', unmatched: 'last', soak: '1m', settle: '1m', minInterval: '1h' },
    ...{ maxConcurrentClusters: 1, maxConcurrentRollouts: 1, maxConcurrentRolloutsOverall: 1 },
    ...{ maxFailures: '5%', onFailure: 'halt', timeout: '1m', clusterTimeout: '1h' },
    ...{ runTimeout: '10h', stormBreaker: { runs: 1, within: '1h' }, blockerTimeout: '1m' },
    windows: [{ days: ['Mon'], from: '01:00', to: '02:00', timeZone: 'Europe/London' }],
    blockers: [{ condition }],
    ...{ evictOnDelete: false, diagnostics: false, argoRollouts: false },
  },
} as const;

const strategy = { evictOnDelete: true, diagnostics: true, argoRollouts: true };
const account = { service: 'service', fleet: 'fleet', automountToken: false };
const namespace = { fleet: 'fleet', podSecurity: 'restricted' };

const besides: Readonly<Record<string, { readonly [key: string]: Plain }>> = {
  CrossAccountAccess: { strategy, fleet: 'fleet', workloads: restart.workloads },
  IdentityServiceAccount: account,
  IrsaServiceAccount: {
    ...account,
    ...{ audience: 'sts', tokenExpiration: '1h', stsRegionalEndpoints: true },
  },
  KeptNamespace: { ...namespace, annotations: { a: 'b' } },
  KiamNamespace: { ...namespace, version: 'v4' },
  Kube2iamNamespace: { ...namespace, format: 'glob' },
  PodIdentityServiceAccount: { ...account, targetRoleArn: targetRole, sessionTags: true },
  RestartCronJob: restart,
};

/** Every construct of the library, with every prop that it has. */
export const everyProp: readonly (readonly [
  name: string,
  props: { readonly [key: string]: Plain },
])[] = Object.entries(library).map(([name, { props }]) => [
  name,
  { ...(props as { readonly [key: string]: Plain }), ...besides[name] },
]);
