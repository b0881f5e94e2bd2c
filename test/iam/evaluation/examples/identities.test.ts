import { expectAgreement } from '../support/agree.ts';
import { clusterArn, describeCluster, roleArn } from '../support/arns.ts';
import { evaluatedFleet, podTags } from '../support/fleet.ts';

const fleet = evaluatedFleet('identities');
const hubs = '000000000010';
const role = (name: string, account = hubs): string => roleArn(account, `rollcall/${name}`);
const shop = (service: string): string => role(`eks-by-${service}-prd`, '000000000020');
const books = (service: string): string => role(`eks-by-${service}-prd`, '000000000030');
const issuer = (id: string): string =>
  `https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE${id}`;
const irsa = issuer('00000000000000000000IRSA');
const direct = issuer('0000000000000000000DIRECT');
const token = (service: string, of: string) => ({
  issuer: of,
  serviceAccount: `restarts/${service}`,
});
const hubPod = clusterArn('eu-central-1', hubs, 'hub-pod-identity');
const pod = { clusterArn: hubPod, serviceAccount: 'restarts/by-pod' };
const byPod = role('eks-by-pod-prd');
const byKiam = role('eks-by-kiam-prd');
const byKube2iam = role('eks-by-kube2iam-prd');
const tag = 'sts:TagSession';
const chained = (over: Partial<typeof pod> = {}) =>
  fleet.assumeRole(byPod, shop('pod'), podTags({ ...pod, ...over }));

expectAgreement('the documents of identities', [
  [
    'IRSA: the hub role',
    'allowed',
    fleet.webIdentity(role('eks-by-irsa-prd'), token('by-irsa', irsa)),
  ],
  [
    'IRSA: the other hub’s ServiceAccount',
    'denied',
    fleet.webIdentity(role('eks-by-irsa-prd'), token('by-irsa', direct)),
  ],
  ['IRSA: the target', 'allowed', fleet.assumeRole(role('eks-by-irsa-prd'), books('irsa'))],
  [
    'IRSA: the target of another service',
    'denied',
    fleet.assumeRole(role('eks-by-irsa-prd'), shop('kiam')),
  ],
  [
    'IRSA: the target, its path left out',
    'denied',
    {
      ...fleet.assumeRole(role('eks-by-irsa-prd'), books('irsa')),
      resource: roleArn('000000000030', 'eks-by-irsa-prd'),
    },
  ],
  [
    'one hop: the target itself',
    'allowed',
    fleet.webIdentity(shop('token'), token('by-token', direct)),
  ],
  [
    'one hop: by the hub account’s provider',
    'denied',
    fleet.webIdentity(shop('token'), { ...token('by-token', direct), providerAccount: hubs }),
  ],
  [
    'one hop: another ServiceAccount',
    'denied',
    fleet.webIdentity(books('token'), token('by-irsa', direct)),
  ],
  ['Pod Identity: the pod', 'allowed', fleet.podIdentity(byPod, pod)],
  ['Pod Identity: its tags', 'allowed', fleet.podIdentity(byPod, pod, tag)],
  [
    'Pod Identity: another namespace',
    'denied',
    fleet.podIdentity(byPod, { ...pod, serviceAccount: 'default/by-pod' }),
  ],
  [
    'Pod Identity: another ServiceAccount',
    'denied',
    fleet.podIdentity(byPod, { ...pod, serviceAccount: 'restarts/default' }),
  ],
  [
    'Pod Identity: another cluster',
    'denied',
    fleet.podIdentity(byPod, { ...pod, clusterArn: `${hubPod}-2` }),
  ],
  [
    'Pod Identity: the other SourceArn alone',
    'denied',
    {
      ...fleet.podIdentity(byPod, pod),
      context: { ...fleet.podIdentity(byPod, pod).context, 'aws:SourceArn': `${hubPod}-2` },
    },
  ],
  [
    'Pod Identity: the other service’s role',
    'denied',
    fleet.podIdentity(role('eks-by-target-prd'), pod),
  ],
  ['Pod Identity: a role of IRSA', 'denied', fleet.podIdentity(role('eks-by-irsa-prd'), pod)],
  ['Pod Identity: the target', 'allowed', chained()],
  ['Pod Identity: tags of the target', 'allowed', { ...chained(), action: tag }],
  [
    'Pod Identity: the target, for another ServiceAccount',
    'denied',
    chained({ serviceAccount: 'restarts/default' }),
  ],
  ['Pod Identity: the target, without tags', 'denied', fleet.assumeRole(byPod, shop('pod'))],
  [
    'target role: the target',
    'allowed',
    fleet.assumeRole(
      role('eks-by-target-prd'),
      shop('target'),
      podTags({
        clusterArn: clusterArn('eu-central-1', hubs, 'hub-target-role'),
        serviceAccount: 'restarts/by-target',
      }),
    ),
  ],
  [
    'target role: the other cluster’s pod',
    'denied',
    fleet.assumeRole(role('eks-by-target-prd'), shop('target'), podTags(pod)),
  ],
  [
    'kiam: the nodes to the server',
    'allowed',
    fleet.assumeRole(roleArn(hubs, 'kiam-server-nodes'), role('kiam-server')),
  ],
  ['kiam: the server to the service', 'allowed', fleet.assumeRole(role('kiam-server'), byKiam)],
  [
    'kiam: the server to another service',
    'denied',
    fleet.assumeRole(role('kiam-server'), byKube2iam),
  ],
  [
    'kiam: the workers to the server',
    'denied',
    fleet.assumeRole(roleArn(hubs, 'workers'), role('kiam-server')),
  ],
  ['kiam: the service to its target', 'allowed', fleet.assumeRole(byKiam, shop('kiam'))],
  ['kube2iam: the workers', 'allowed', fleet.assumeRole(roleArn(hubs, 'workers'), byKube2iam)],
  [
    'kube2iam: the other workers',
    'allowed',
    fleet.assumeRole(roleArn(hubs, 'spot-workers'), byKube2iam),
  ],
  [
    'kube2iam: the kiam server’s nodes',
    'denied',
    fleet.assumeRole(roleArn(hubs, 'kiam-server-nodes'), byKube2iam),
  ],
  [
    'its cluster',
    'allowed',
    fleet.inAccount(
      books('kiam'),
      describeCluster,
      clusterArn('eu-west-1', '000000000030', 'books'),
    ),
  ],
  [
    'the other cluster',
    'denied',
    fleet.inAccount(
      books('kiam'),
      describeCluster,
      clusterArn('eu-central-1', '000000000020', 'shop'),
    ),
  ],
]);
