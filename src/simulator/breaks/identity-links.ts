import type { Role } from '../aws/iam.ts';
import type { Condition, Statement } from '../aws/policy-document.ts';
import type { Manifest } from '../load/generated-output.ts';
import type { World, WorldCluster } from '../load/world.ts';
import { podAnnotations } from './generated-roles.ts';

/** Each takes one thing out of what gives pods their identity, and says what it changed, a line each. */

/** The CronJobs' pods no longer say which role they want. Pods made from now on have no annotation. */
export function dropPodAnnotation({ clusters }: World): readonly string[] {
  return [...clusters.values()].flatMap((cluster) => {
    const changes: string[] = [];
    cluster.manifests = cluster.manifests.map((manifest) => {
      if (!('iam.amazonaws.com/role' in podAnnotations(manifest.spec ?? {}))) return manifest;
      changes.push(
        `CronJob ${manifest.metadata.name} of ${cluster.name} no longer annotates its pods`,
      );
      const changed = JSON.parse(JSON.stringify(manifest)) as Manifest;
      Reflect.deleteProperty(podAnnotations(changed.spec), 'iam.amazonaws.com/role');
      return changed;
    });
    return changes;
  });
}

const permissions = ['iam.amazonaws.com/permitted', 'iam.amazonaws.com/allowed-roles'] as const;

/** Namespaces permit no role any more; with `instead`, another than they did. */
export function changeNamespaces({ clusters }: World, instead?: string): readonly string[] {
  return [...clusters.values()].flatMap((cluster) =>
    namespacesOf(cluster).flatMap((name) => changeNamespace(cluster, name, instead)),
  );
}

function changeNamespace(
  { name: cluster, kube }: WorldCluster,
  name: string,
  instead: string | undefined,
): readonly string[] {
  const object = kube.read('Namespace', undefined, name);
  const annotations = { ...(object?.metadata.annotations as Record<string, string> | undefined) };
  const found = permissions.filter((key) => key in annotations);
  for (const key of found) {
    if (instead === undefined) Reflect.deleteProperty(annotations, key);
    else annotations[key] = key.endsWith('allowed-roles') ? JSON.stringify([instead]) : instead;
  }
  if (found.length === 0) return [];
  const { labels } = object?.metadata ?? {};
  kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations, labels } });
  return found.map(
    (key) => `namespace ${name} of ${cluster} permits ${instead ?? 'no role'} (${key})`,
  );
}

/** Those in which something generated stands. */
const namespacesOf = ({ manifests }: WorldCluster): readonly string[] => [
  ...new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? [])),
];

/** EKS has no pod identity association any more. */
export function dropAssociations({ clusters }: World): readonly string[] {
  return [...clusters.values()].flatMap(({ name, associations }) =>
    associations
      .splice(0)
      .map((one) => `${name} has no association of ${one.namespace}/${one.serviceAccount}`),
  );
}

/** The roles' trust no longer lets tags come with a session. */
export function dropTagSession(roles: readonly Role[]): readonly string[] {
  const action = 'sts:TagSession';
  return roles.flatMap((role) => {
    const before = role.trust;
    role.trust = before.flatMap((statement): readonly Statement[] => {
      const patterns = statement.actions.patterns.filter((one) => one !== action);
      if (patterns.length === statement.actions.patterns.length) return [statement];
      return patterns.length > 0 ? [{ ...statement, actions: { not: false, patterns } }] : [];
    });
    const changed =
      before.length !== role.trust.length || before.some((one, at) => one !== role.trust[at]);
    return changed ? [`${role.arn} no longer trusts anyone with ${action}`] : [];
  });
}

/** The roles' trust asks for another external id. */
export function changeExternalId(roles: readonly Role[]): readonly string[] {
  const isExternalId = ({ key }: Condition): boolean => key.toLowerCase() === 'sts:externalid';
  return roles.flatMap((role) => {
    if (!role.trust.some(({ conditions }) => conditions.some(isExternalId))) return [];
    role.trust = role.trust.map((statement) => ({
      ...statement,
      conditions: statement.conditions.map((condition) =>
        isExternalId(condition) ? { ...condition, values: ['another'] } : condition,
      ),
    }));
    return [`${role.arn} asks for the external id another`];
  });
}

/** The accounts of the roles have none of the hubs' OIDC providers. */
export function dropProviders({ iam, clusters }: World, roles: readonly Role[]): readonly string[] {
  const issuers = [...clusters.values()].flatMap(({ oidcIssuer }) => oidcIssuer ?? []);
  const accounts = new Set(roles.map(({ account }) => account));
  return [...accounts].flatMap((account) =>
    [...new Set(issuers)].flatMap((issuer) => {
      if (!iam.provider(account, issuer)) return [];
      iam.removeProvider(account, issuer);
      return [`account ${account} has no OIDC provider for ${issuer}`];
    }),
  );
}
