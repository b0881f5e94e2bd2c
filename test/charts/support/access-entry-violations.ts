import { z } from 'zod';
import type { Cluster, Fleet } from '../../../src/fleet/model.ts';
import type { OutputFile } from '../../../src/iam/render.ts';
import { isPersons, isPrincipal, isServices } from './aws-auth-violations.ts';
import { isSame } from './iam-documents.ts';

const entry = z.object({
  action: z.literal('create-access-entry'),
  account: z.string(),
  region: z.string(),
  cluster: z.string(),
  principalArn: z.string(),
  username: z.string(),
  groups: z.array(z.string()),
  policies: z.array(z.strictObject({ policyArn: z.string(), namespaces: z.array(z.string()) })),
});
type AccessEntry = z.infer<typeof entry>;

/** Access entries that EKS refuses, or that make someone more than the fleet file asks. */
export const accessEntryViolations = (
  files: readonly OutputFile[],
  fleet: Fleet,
): readonly string[] =>
  files
    .filter(({ path }) => path === '_iam/apply-order.json')
    .flatMap(({ text }) => (JSON.parse(text) as { readonly steps: readonly unknown[] }).steps)
    .flatMap((step) => entry.safeParse(step).data ?? [])
    .filter((one) => !isAsked(one, fleet))
    .map(({ cluster, principalArn, username }) => `${cluster}: ${principalArn} as ${username}`);

function isAsked(one: AccessEntry, fleet: Fleet): boolean {
  const cluster = fleet.clusters.find(
    ({ eksCluster, account, region }) =>
      eksCluster === one.cluster && account.id === one.account && region === one.region,
  );
  const { principalArn: arn, username, groups, policies } = one;
  return (
    cluster?.accessControl === 'access-entries' &&
    // EKS user guide, "Create access entries".
    !/^(system|eks|aws|amazon|iam):/.test(username) &&
    !groups.some((group) => group.startsWith('system:')) &&
    ((policies.length === 0 && isServices({ arn, username, groups }, cluster, fleet)) ||
      (isPersons({ arn, username, groups }, cluster, fleet) && hasPolicies(one, cluster, fleet)))
  );
}

const hasPolicies = (
  { principalArn, policies }: AccessEntry,
  cluster: Cluster,
  { users }: Fleet,
): boolean =>
  users
    .filter((user) => user.clusters.includes(cluster) && isPrincipal(user, principalArn, cluster))
    .some(({ accessPolicies }) =>
      isSame(
        policies,
        accessPolicies.map(({ policy, namespaces }) => ({
          policyArn: `arn:${cluster.partition}:eks::aws:cluster-access-policy/${policy}`,
          namespaces,
        })),
      ),
    );
