import type { Iam, Role } from '../aws/iam.ts';
import type { World, WorldCluster } from '../load/world.ts';

type Annotations = Readonly<Record<string, string>>;

/** The template of a generated CronJob's pods, as far as it is looked at. */
interface CronJobSpec {
  readonly jobTemplate?: {
    readonly spec?: { readonly template?: { readonly metadata?: { annotations?: Annotations } } };
  };
}

/** The roles that generated pods are given, each once. */
export function hubRoles({ clusters, iam }: World): readonly Role[] {
  const named = [...clusters.values()].flatMap((cluster) => rolesOfPods(cluster, iam));
  return [...new Set(named)].flatMap((arn) => iam.role(arn) ?? []);
}

/** By ServiceAccounts' annotations, by those of pods, and by EKS's associations. */
function rolesOfPods({ manifests, associations, account }: WorldCluster, iam: Iam): string[] {
  const annotated = manifests.flatMap(({ kind, metadata, spec }) => {
    switch (kind) {
      case 'ServiceAccount':
        return (
          (metadata.annotations as Annotations | undefined)?.['eks.amazonaws.com/role-arn'] ?? []
        );
      case 'CronJob':
        return wholeArn(podAnnotations(spec)['iam.amazonaws.com/role'], account, iam) ?? [];
      default:
        return [];
    }
  });
  return [...annotated, ...associations.map(({ roleArn }) => roleArn)];
}

export const podAnnotations = (spec: unknown): Annotations =>
  (spec as CronJobSpec).jobTemplate?.spec?.template?.metadata?.annotations ?? {};

/** kiam v3 has pods say the name alone. */
const wholeArn = (role: string | undefined, account: string, iam: Iam): string | undefined =>
  role === undefined || role.startsWith('arn:')
    ? role
    : iam.roles().find((one) => one.account === account && one.name === role)?.arn;

/** A cluster that something generated lets into. */
export const isTarget = ({ fragment, accessEntries }: WorldCluster): boolean =>
  fragment !== undefined || accessEntries.all().length > 0;

/** The roles that are mapped in a target. */
export function mappedRoles({ iam }: World, target: WorldCluster): readonly Role[] {
  const { fragment, accessEntries } = target;
  const arns = [
    ...(fragment?.mapRoles ?? []).map(({ rolearn }) => rolearn),
    ...accessEntries.all().map(({ principalArn }) => principalArn),
  ];
  return arns.flatMap((arn) => iam.role(arn) ?? []);
}

/** The target of that name; default: the last by name. Throws where it is none. */
export function findTarget({ clusters }: World, name: string | undefined): WorldCluster {
  const targets = [...clusters.values()].filter(isTarget);
  const target = name === undefined ? targets.at(-1) : targets.find((one) => one.name === name);
  if (target) return target;
  const known = targets.map((one) => one.name).join(', ');
  throw new Error(`${name ?? 'The fleet'} is no target cluster; there are: ${known || 'none'}.`);
}
