import { z } from 'zod';
import { choice, exactlyOne, flag, labels, switchedOn, text, texts } from '../form/schema-parts.ts';

const irsa = z.strictObject({
  hops: z
    .literal([1, 2])
    .meta({
      description:
        '2: by the service’s own role. 1: straight into each target’s role, by an OIDC provider in its account.',
      default: 2,
    })
    .optional(),
  audience: text('audience', 'Whom the token is for.', { default: 'sts.amazonaws.com' }).optional(),
  tokenExpiration: text('tokenExpiration', 'How long a token lives: 10m–24h.', {
    default: '24h',
  }).optional(),
  regionalEndpoints: switchedOn('STS is asked in the cluster’s own region.'),
  webhook: switchedOn('False: the cluster has no webhook; volume and environment are written out.'),
  sessionDuration: text(
    'sessionDuration',
    'How long a session is: 15m–12h; two hops, at most 1h.',
    {
      default: '1h',
    },
  ).optional(),
});

const eksPodIdentity = z.strictObject({
  targetRole: flag('True: the association makes the hop into the one role that is reached.'),
  sessionTags: switchedOn('The session bears tags that say which pod it is.'),
});

const words = ['irsa', 'eks-pod-identity', 'kiam', 'kube2iam'] as const;

/** How pods get their AWS identity. The word alone has every default. */
export const podIdentity = z.union([
  exactlyOne(
    z.strictObject({
      irsa: irsa.meta({ description: 'IAM roles for service accounts.' }).optional(),
      'eks-pod-identity': eksPodIdentity.meta({ description: 'EKS Pod Identity.' }).optional(),
      kiam: z.strictObject({}).meta({ description: 'kiam, which is legacy.' }).optional(),
      kube2iam: z.strictObject({}).meta({ description: 'kube2iam, which is legacy.' }).optional(),
    }),
    words,
  ),
  z.enum(words),
]);

/** What pods still have that a move of theirs has not reached. */
export const migratingFrom = podIdentity.meta({
  description:
    'How running pods still get it, as podIdentity said before: roles trust both ways. Default: none.',
});

const existingNamespace = flag(
  'True: that namespace is someone else’s, and none is generated. It must let privileged pods in.',
);

const hostInterface = text('hostInterface', 'The pods’ host interfaces.', {
  default: 'eni+',
}).optional();

const kiam = z.strictObject({
  existing: flag('True: somebody runs it, and nothing is generated for it.'),
  version: choice(
    ['v4', 'v3'],
    'Its major version: the two read a namespace’s expression differently.',
  ),
  namespace: text('dnsLabel', 'The namespace that it runs in.', { default: 'kiam' }).optional(),
  existingNamespace,
  serverRole: text(
    'roleName',
    'The server’s role, in the cluster’s account: service roles trust it.',
  ),
  existingServerRole: flag('True: that role is someone else’s, and gets statements to add.'),
  nodeRole: text('roleName', 'The role of the nodes that the server runs on.'),
  serverNodes: labels
    .meta({
      description:
        'Labels of the nodes that the server runs on, and no agents. Default: kiam-server: "true".',
    })
    .optional(),
  issuer: choice(
    ['issuer', 'cluster-issuer'],
    'Which issuer of cert-manager signs its certificates.',
  ),
  hostInterface,
  sessionDuration: text('kiamSession', 'How long a session is: 15m–1h.', {
    default: '15m',
  }).optional(),
});

const kube2iam = z.strictObject({
  existing: flag('True: somebody runs it, and nothing is generated for it.'),
  namespace: text('dnsLabel', 'The namespace that it runs in.', {
    default: 'kube-system',
  }).optional(),
  existingNamespace,
  nodeRoles: texts(
    'roleName',
    'A role’s name.',
    'The nodes’ roles, in the cluster’s account: service roles trust them.',
  ),
  hostInterface,
  format: choice(['glob', 'regexp'], 'How it reads a namespace’s list of roles.'),
  sessionDuration: text('kube2iamSession', 'How long a session is: 15m–30m.', {
    default: '15m',
  }).optional(),
});

/** What runs in a cluster for the older ways to an identity. */
export const agents = z.strictObject({
  kiam: kiam.meta({ description: 'kiam. Default: none.' }).optional(),
  kube2iam: kube2iam.meta({ description: 'kube2iam. Default: none.' }).optional(),
});

export type PodIdentityFile = z.infer<typeof podIdentity>;
export type AgentsFile = z.infer<typeof agents>;
