import { isDnsSubdomain } from '../../names/kubernetes.ts';
import type { KubeObject } from './objects.ts';
import { isRecord, omit } from './objects.ts';
import type { KubeUser, RbacAuthorizer } from './rbac.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf, namespaces } from './resources.ts';
import { badRequest, forbidden, invalid, notFound, StatusError } from './status-error.ts';
import type { Store } from './store.ts';

/** The namespaces that can't be deleted (k8s.io/apiserver plugin/namespace/lifecycle). */
const immortal: readonly string[] = ['default', 'kube-system', 'kube-public'];

/** Where an object is to be made: its namespace must exist, and agree with the URL's. */
export function placed(
  store: Store,
  type: ResourceType,
  object: KubeObject,
  namespace: string | undefined,
): KubeObject {
  const { name, namespace: given } = object.metadata;
  if (!type.namespaced || namespace === undefined) return object;
  if (given !== undefined && given !== namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  if (!store.get(namespaces, undefined, namespace)) throw notFound(namespaces, namespace);
  return { ...object, metadata: { ...object.metadata, name, namespace } };
}

/**
 * What a client may say of an object that it makes: the server's own metadata is left out. What the
 * simulated controllers would not heed is refused with 422 rather than kept in vain.
 */
export function admitted(type: ResourceType, object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations, resourceVersion } = object.metadata;
  const refuse = (field: string, problem: string): never => {
    throw invalid(type.kind, type.group, typeof name === 'string' ? name : '', field, problem);
  };
  if (typeof name !== 'string' || name === '')
    refuse('metadata.name', 'Required value: name or generateName is required');
  if (!validName(type, name))
    refuse(
      'metadata.name',
      `Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    );
  if (resourceVersion)
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  for (const field of ['finalizers', 'ownerReferences', 'generateName'])
    if (isRecord(object.metadata) && field in object.metadata)
      refuse(`metadata.${field}`, 'Forbidden: not supported by the simulated API server');
  return {
    ...object,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
  };
}

/** RBAC's names are path segments: colons and capitals are allowed. */
const validName = ({ group }: ResourceType, name: string): boolean =>
  group === 'rbac.authorization.k8s.io' ? !/^\.{1,2}$|[/%]/.test(name) : isDnsSubdomain(name);

const common: readonly string[] = ['apiVersion', 'kind', 'metadata'];
const topLevel: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['data', 'binaryData', 'immutable'],
  ServiceAccount: ['secrets', 'imagePullSecrets', 'automountServiceAccountToken'],
  Role: ['rules'],
  ClusterRole: ['rules', 'aggregationRule'],
  RoleBinding: ['roleRef', 'subjects'],
  ClusterRoleBinding: ['roleRef', 'subjects'],
  NetworkPolicy: ['spec'],
  Lease: ['spec'],
  Event: [
    ...['involvedObject', 'reason', 'message', 'type', 'count', 'source', 'series', 'action'],
    ...['firstTimestamp', 'lastTimestamp', 'eventTime', 'related'],
    ...['reportingComponent', 'reportingInstance'],
  ],
};

/**
 * The object without the fields that its kind does not have, which the real server drops too; with
 * `fieldValidation=Strict` they are refused: a body by 400, what a patch makes by 422. Of the
 * outermost level alone; deeper ones are taken as they come.
 */
export function withKnownFields(
  type: ResourceType,
  object: KubeObject,
  query: URLSearchParams,
  from: 'body' | 'patch',
): KubeObject {
  const known = [...common, ...(topLevel[type.kind] ?? ['spec', 'status'])];
  const unknown = Object.keys(object).filter((field) => !known.includes(field));
  if (unknown.length === 0) return object;
  if (query.get('fieldValidation') !== 'Strict') return omit(object, ...unknown) as KubeObject;
  const list = unknown.map((field) => `unknown field ${JSON.stringify(field)}`).join(', ');
  const problem = `strict decoding error: ${list}`;
  if (from === 'patch')
    throw invalid(
      type.kind,
      type.group,
      object.metadata.name,
      'patch',
      `Invalid value: ${problem}`,
    );
  const version = JSON.stringify(apiVersionOf(type));
  throw badRequest(
    `${type.kind} in version ${version} cannot be handled as a ${type.kind}: ${problem}`,
  );
}

/**
 * Whoever grants must hold `escalate` on the role, or `bind` on the role that is bound. Narrower
 * than the real server, which also lets one grant what one has (pkg/registry/rbac/escalation_check.go).
 */
export function refuseEscalation(
  authorizer: RbacAuthorizer,
  user: KubeUser,
  type: ResourceType,
  object: KubeObject,
): void {
  const isRole = type.kind.endsWith('Role');
  if (!isRole && !type.kind.endsWith('Binding')) return;
  const { group } = type;
  const { name, namespace } = object.metadata;
  const { roleRef } = object;
  const bound = isRecord(roleRef) ? { kind: String(roleRef.kind), name: String(roleRef.name) } : {};
  const { allowed } = authorizer.authorize(user, {
    kind: 'resource',
    group,
    ...(isRole
      ? { verb: 'escalate', resource: type.plural, name }
      : {
          verb: 'bind',
          resource: bound.kind === 'Role' ? 'roles' : 'clusterroles',
          name: bound.name ?? '',
        }),
    ...(namespace !== undefined && { namespace }),
  });
  if (allowed) return;
  throw forbidden(
    type,
    name,
    `user ${JSON.stringify(user.username)} is attempting to grant RBAC permissions without the verb ${isRole ? 'escalate' : 'bind'}, which the simulated API server asks for`,
  );
}

/** 403 for the deletion of what can't be missed. */
export function refuseDeletion(type: ResourceType, name: string): void {
  if (type === namespaces && immortal.includes(name))
    throw forbidden(type, name, 'this namespace may not be deleted');
}
