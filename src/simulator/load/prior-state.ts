import { parseDocument } from 'yaml';
import { z } from 'zod';
import { isAccountId, isRegion } from '../../names/arn.ts';
import { isDnsSubdomain, isEksClusterName } from '../../names/kubernetes.ts';
import { LoadError } from './load-error.ts';
import { priorNodes } from './prior-nodes.ts';
import {
  priorDaemonSet,
  priorDeployment,
  priorRollout,
  priorStatefulSet,
} from './prior-workloads.ts';

const accountId = z
  .string({ error: 'an account id is a quoted string of 12 digits' })
  .refine(isAccountId, 'an account id is a quoted string of 12 digits');
const region = z.string().refine(isRegion, 'a region such as eu-west-1');
const name = z.string().refine(isDnsSubdomain, 'a Kubernetes name: lower-case letters, digits, -');
const issuer = z.string().regex(/^https:\/\/[^\s?#]+$/, 'an issuer is an https URL');
/** Checked by the simulated IAM. */
const policy = z.record(z.string(), z.unknown());

const provider = z.strictObject({
  issuer,
  clientIds: z.array(z.string()).default(['sts.amazonaws.com']),
});
/** `/` or `/team/`. Default: `/`. */
const path = z
  .string()
  .regex(/^\/([!-~]+\/)?$/)
  .default('/');
const role = z.strictObject({
  name: z.string(),
  path,
  trust: policy,
  policies: z.record(z.string(), policy).default({}),
  /** Seconds. Default: IAM's own, 3600. */
  maxSessionDuration: z.int().min(3600).max(43200).default(3600),
});
const account = z.strictObject({
  id: accountId,
  oidcProviders: z.array(provider).default([]),
  /** Policies that are boundaries, say. */
  managedPolicies: z
    .array(z.strictObject({ name: z.string(), path, document: policy }))
    .default([]),
  users: z
    .array(
      z.strictObject({
        name: z.string(),
        path,
        policies: z.record(z.string(), policy).default({}),
      }),
    )
    .default([]),
  roles: z.array(role).default([]),
});
const cluster = z.strictObject({
  /** The cluster's folder in the generated output. */
  name: z.string().min(1),
  account: accountId,
  region,
  /** Default: `name`. */
  eksCluster: z.string().refine(isEksClusterName, 'an EKS cluster name').optional(),
  /** Of a hub, whose ServiceAccounts get web identities. */
  oidcIssuer: issuer.optional(),
  /** As DescribeCluster tells them. */
  tags: z.record(z.string(), z.string()).default({}),
  /** Where it looks for who may enter. */
  authenticationMode: z.enum(['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API']).default('CONFIG_MAP'),
  /**
   * What EKS gives as the external id of a pod identity association with a target role, by
   * `namespace/serviceAccount`. Default: none.
   */
  associationExternalIds: z.record(z.string(), z.string()).default({}),
  ...priorNodes,
  /** The data of the ConfigMap kube-system/aws-auth, its sections being text. Default: none. */
  awsAuth: z.partialRecord(z.enum(['mapRoles', 'mapUsers', 'mapAccounts']), z.string()).default({}),
  /** Namespaces beside those of the workloads. */
  namespaces: z.array(name).default([]),
  /** Of others; in namespaces that are declared, or a workload's. */
  serviceAccounts: z.array(z.strictObject({ namespace: name, name })).default([]),
  deployments: z.array(priorDeployment).default([]),
  statefulSets: z.array(priorStatefulSet).default([]),
  daemonSets: z.array(priorDaemonSet).default([]),
  /** Argo's: after the Deployments that they refer to. */
  rollouts: z.array(priorRollout).default([]),
  /** Each has a pod of every DaemonSet. */
  nodes: z.int().min(1).default(3),
  /** The CustomResourceDefinition of Rollouts is there, also where there is none of them. */
  argoRollouts: z.boolean().default(false),
  /** As EKS has one: SelfSubjectRulesReviews are incomplete. */
  webhookAuthorizer: z.boolean().default(false),
});
const schema = z.strictObject({
  apiVersion: z.literal('rollcall.dev/v1alpha1'),
  kind: z.literal('PriorState'),
  /** All accounts are of one AWS organization, so that denials across accounts say which side. */
  organization: z.boolean().default(true),
  accounts: z.array(account),
  clusters: z.array(cluster),
});

/** What exists before Rollcall's output is applied, as declared. Defaults filled in. */
export type PriorState = z.output<typeof schema>;
export type PriorAccount = PriorState['accounts'][number];
export type PriorCluster = PriorState['clusters'][number];

/** Reads the YAML of a prior state. Throws `LoadError` naming every value that is wrong. */
export function parsePriorState(text: string, file = 'prior state'): PriorState {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw new LoadError('simulator/prior-state', file, broken.message);
  return checkPriorState(document.toJS(), file);
}

/** As `parsePriorState`, of a value at hand. */
export function checkPriorState(value: unknown, file = 'prior state'): PriorState {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new LoadError('simulator/prior-state', file, z.prettifyError(parsed.error));
  }
  requireConsistent(parsed.data, file);
  return parsed.data;
}

function requireConsistent({ accounts, clusters }: PriorState, file: string): void {
  const ids = new Set(accounts.map(({ id }) => id));
  if (ids.size < accounts.length) {
    throw new LoadError('simulator/prior-state', file, 'an account is declared twice');
  }
  const names = new Set(clusters.map((one) => one.name));
  if (names.size < clusters.length) {
    throw new LoadError('simulator/prior-state', file, 'a cluster is declared twice');
  }
  for (const one of clusters) {
    if (ids.has(one.account)) continue;
    throw new LoadError(
      'simulator/prior-state',
      `${file}: cluster ${one.name}`,
      `its account ${one.account} is not declared; declare it under accounts`,
    );
  }
}
