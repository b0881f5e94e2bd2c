import { z } from 'zod';
import { defaultRoleTemplate } from '../form/role-template.ts';
import { choice, flag, labels, text } from '../form/schema-parts.ts';
import { delivery, infrastructure } from './schema-delivery.ts';
import { iam } from './schema-iam.ts';
import { agents, migratingFrom, podIdentity } from './schema-identity.ts';
import { restart } from './schema-restart.ts';
import { service } from './schema-service.ts';
import { user } from './schema-user.ts';

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
    'The cluster’s OIDC issuer, https://… Required of a cluster that hosts a service by IRSA.',
  ).optional(),
  existingOidcProvider: z
    .union([z.boolean(), z.array(text('dnsLabel', 'An account’s name.')).min(1)])
    .meta({
      description:
        'True: its account has an OIDC provider for the issuer already; or a list of accounts that have.',
      default: false,
    })
    .optional(),
  podIdentity: podIdentity
    .meta({
      description: 'How the pods of its services get their AWS identity.',
      default: 'irsa',
    })
    .optional(),
  migratingFrom: migratingFrom.optional(),
  accessControl: choice(
    ['aws-auth', 'access-entries'],
    'How principals of IAM become users of the cluster.',
  ),
  agents: agents.meta({ description: 'What runs in it for kiam or kube2iam.' }).optional(),
  infrastructure: infrastructure
    .meta({ description: 'What it uses that Rollcall does not make itself.' })
    .optional(),
  connection: connection
    .meta({ description: 'Given here, the job does not ask eks:DescribeCluster.' })
    .optional(),
  paused: flag('True: its restarts are reported and not done, and nothing waits for it.'),
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
    iam: iam.meta({ description: 'What holds for every role of Rollcall’s own.' }).optional(),
    delivery: delivery.meta({ description: 'How the output reaches the clusters.' }).optional(),
    clusters: z.array(cluster).min(1).meta({ description: 'The EKS clusters of the fleet.' }),
    services: z
      .array(service)
      .meta({
        description:
          'What needs AWS: workloads of a hub, and principals outside of Kubernetes. Default: none.',
      })
      .optional(),
    users: z.array(user).meta({ description: 'People in clusters. Default: none.' }).optional(),
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
