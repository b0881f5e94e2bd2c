import { z } from 'zod';
import { defaultRoleTemplate } from './role-template.ts';
import { flag, labels, selector, text } from './schema-parts.ts';
import { restart } from './schema-restart.ts';

const connection = z.strictObject({
  endpoint: text('endpoint', 'Address of the API server: https://HOST[:PORT].'),
  certificateAuthority: text(
    'certificateAuthority',
    'The API server’s CA: PEM, base64-encoded, as DescribeCluster returns it.',
  ),
});

const cluster = z.strictObject({
  name: text('dnsLabel', 'The fleet’s name for the cluster, and the name of its output folder.'),
  account: text('dnsLabel', 'The account that the cluster is in: a key of `accounts`.'),
  region: text('region', 'The AWS region that the cluster is in.'),
  eksCluster: text(
    'eksName',
    'The name that EKS knows the cluster by. Default: `name`.',
  ).optional(),
  labels: labels.meta({ description: 'Labels that selectors look at. Default: none.' }).optional(),
  oidcIssuer: text(
    'issuer',
    'The cluster’s OIDC issuer, https://… Required of a cluster that hosts a service.',
  ).optional(),
  podIdentity: z
    .enum(['irsa'])
    .meta({ description: 'How the pods of a hub get their AWS identity.', default: 'irsa' })
    .optional(),
  accessControl: z
    .enum(['aws-auth'])
    .meta({ description: 'How IAM roles are mapped to Kubernetes users.', default: 'aws-auth' })
    .optional(),
  connection: connection
    .meta({ description: 'Given here, the job does not ask eks:DescribeCluster.' })
    .optional(),
  paused: flag('True: its restarts are reported and not done, and nothing waits for it.'),
});

const reach = z.strictObject({
  clusters: selector(
    'The clusters that the role opens: labels (all must match; never the service’s own hub) or a list of names.',
  ),
  role: text(
    'roleName',
    'The role in each cluster’s account. Default: `naming.role`. Required when `existing`.',
  ).optional(),
  existing: flag('True: the role is someone else’s, and gets statements to add, not a document.'),
  externalId: text('externalId', 'The external id that the role’s trust asks for.').optional(),
  kubernetesUser: text(
    'kubernetesUser',
    'The Kubernetes user that the role is mapped to. Default: `rollcall:{service}-{env}`.',
  ).optional(),
});

const service = z.strictObject({
  name: text('dnsLabel', 'The service’s name, unique in the fleet.'),
  env: text('dnsLabel', 'Its environment, such as prd: part of role names.'),
  cluster: text('dnsLabel', 'The hub: the cluster that it runs in.'),
  namespace: text('dnsLabel', 'The namespace that it runs in.'),
  existingNamespace: flag('True: the namespace is someone else’s, and none is generated.'),
  serviceAccount: text('objectName', 'Its ServiceAccount. Default: `name`.').optional(),
  role: text('roleName', 'Its own role in the hub’s account. Default: `naming.role`.').optional(),
  reach: z
    .array(reach)
    .meta({ description: 'Roles in other accounts, and the clusters they open. Default: none.' })
    .optional(),
});

/** The fleet file's shape. What its parts mean together is checked in check.ts. */
export const fleetFile = z
  .strictObject({
    apiVersion: z
      .literal('rollcall.dev/v1alpha1')
      .meta({ description: 'The version of this format.' }),
    kind: z.literal('Fleet').meta({ description: 'What the file is.' }),
    name: text('dnsLabel', 'The fleet’s name.'),
    image: text('image', 'The job’s container image. Required when there are restarts.').optional(),
    accounts: z
      .record(text('dnsLabel', 'An account’s name.'), text('accountId', 'Its id, in quotes.'))
      .meta({ description: 'AWS accounts: a name, and 12 digits in quotes.' }),
    naming: z
      .strictObject({
        role: text('roleTemplate', 'Role names, made of {service} and {env}.', {
          default: defaultRoleTemplate,
        }).optional(),
      })
      .meta({ description: 'How names are made.' })
      .optional(),
    clusters: z.array(cluster).min(1).meta({ description: 'The EKS clusters of the fleet.' }),
    services: z
      .array(service)
      .meta({ description: 'Workloads of a hub cluster that need AWS. Default: none.' })
      .optional(),
    restarts: z
      .array(restart)
      .meta({ description: 'Scheduled restarts. Default: none.' })
      .optional(),
  })
  .meta({ title: 'Rollcall fleet file', description: 'Accounts, clusters, services, restarts.' });

/** A fleet file of the right shape. */
export type FleetFile = z.infer<typeof fleetFile>;

/** Labels that all must match, or cluster names. */
export type Selector = (FleetFile['clusters'][number]['labels'] & {}) | readonly string[];
