import { z } from 'zod';
import { flag, selectorTemplate, template, text, texts } from '../form/schema-parts.ts';
import { policy } from './schema-iam.ts';
import { migratingFrom, podIdentity } from './schema-identity.ts';

const reach = z.strictObject({
  clusters: selectorTemplate(
    'The clusters that the role opens: labels (all must match; never the service’s own hub) or a list of names.',
  ),
  role: template(
    'roleName',
    'The role in each cluster’s account. Default: `naming.role`. Required when `existing`.',
  ).optional(),
  existing: flag('True: the role is someone else’s, and gets statements to add, not a document.'),
  rolePath: text('iamPath', 'The path of a role that is someone else’s.', {
    default: '/',
  }).optional(),
  externalId: template('externalId', 'The external id that the role’s trust asks for.').optional(),
  kubernetesUser: template(
    'kubernetesUser',
    'The Kubernetes user that the role is mapped to. Default: `rollcall:{fleet}:{service}-{env}`.',
  ).optional(),
  policies: z
    .array(policy)
    .meta({ description: 'What the role may do in its account besides. Default: none.' })
    .optional(),
});

/** What may differ from one environment to the other. */
const perEnv = {
  cluster: template(
    'dnsLabel',
    'The hub: the cluster that it runs in. Left out: it runs outside of Kubernetes.',
  ).optional(),
  namespace: template('dnsLabel', 'The namespace that it runs in.').optional(),
  existingNamespace: flag('True: the namespace is someone else’s, and none is generated.'),
  serviceAccount: template('objectName', 'Its ServiceAccount. Default: `name`.').optional(),
  existingServiceAccount: flag(
    'True: the ServiceAccount is someone else’s, as `default` is: none is generated, and annotations to add are written beside.',
  ),
  podIdentity: podIdentity
    .meta({ description: 'How its pods get their AWS identity. Default: the cluster’s.' })
    .optional(),
  migratingFrom: migratingFrom.optional(),
  account: template(
    'dnsLabel',
    'Of a service outside of Kubernetes: the account that its role is in.',
  ).optional(),
  role: template('roleName', 'Its own role. Default: `naming.role`.').optional(),
  existingRole: flag('True: its own role is someone else’s, and gets statements to add.'),
  rolePath: text('iamPath', 'The path of its own role, where that is someone else’s.', {
    default: '/',
  }).optional(),
  s3Check: template(
    'bucketName',
    'A bucket that its role may list: a pod that tries it is written beside. Default: none.',
  ).optional(),
  awsConfig: flag('True: a ConfigMap with an AWS profile for each role.'),
  kubeconfig: flag('True: a ConfigMap with a kubeconfig, a context for each cluster.'),
  policies: z
    .array(policy)
    .meta({ description: 'What its own role may do besides. Default: none.' })
    .optional(),
  reach: z
    .array(reach)
    .meta({ description: 'Roles in other accounts, and the clusters they open. Default: none.' })
    .optional(),
};

export const service = z.strictObject({
  name: text('dnsLabel', 'The service’s name, unique in the fleet.'),
  env: text('dnsLabel', 'Its environment, such as prd: part of role names.').optional(),
  envs: texts('dnsLabel', 'An environment.', 'Or several: a service of each.').optional(),
  ...perEnv,
  perEnv: z
    .record(text('dnsLabel', 'One of `envs`.'), z.strictObject(perEnv))
    .meta({ description: 'What differs in one of `envs`, in place of what stands here.' })
    .optional(),
});

export type ServiceFile = z.infer<typeof service>;
export type ReachFile = z.infer<typeof reach>;
