import { isRecord } from './objects.ts';
import type { AccessRequest, KubeUser, RbacAuthorizer } from './rbac.ts';
import { badRequest } from './status-error.ts';

const apiVersion = 'authorization.k8s.io/v1';

/** `SelfSubjectAccessReview`: may I? */
export function accessReview(authorizer: RbacAuthorizer, user: KubeUser, body: unknown): unknown {
  const spec = specOf(body);
  const { allowed, reason } = authorizer.authorize(user, accessRequest(spec));
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion,
    metadata: {},
    spec,
    status: { allowed, ...(reason !== '' && { reason }) },
  };
}

/** `SelfSubjectRulesReview`: what may I, in this namespace? */
export function rulesReview(authorizer: RbacAuthorizer, user: KubeUser, body: unknown): unknown {
  const spec = specOf(body);
  const namespace = text(spec.namespace);
  if (namespace === undefined) throw badRequest('no namespace on request');
  const { rules, errors } = authorizer.rulesFor(user, namespace);
  return {
    kind: 'SelfSubjectRulesReview',
    apiVersion,
    metadata: {},
    spec,
    status: {
      resourceRules: rules
        .filter((rule) => rule.resources)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames && { resourceNames }),
        })),
      nonResourceRules: rules
        .filter((rule) => rule.nonResourceURLs)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: errors.length > 0,
      ...(errors.length > 0 && { evaluationError: errors.join(', ') }),
    },
  };
}

function specOf(body: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(body) || !isRecord(body.spec)) throw badRequest('the review has no spec');
  return body.spec;
}

function accessRequest(spec: Readonly<Record<string, unknown>>): AccessRequest {
  const { resourceAttributes: wanted, nonResourceAttributes: path } = spec;
  if (isRecord(wanted) === isRecord(path))
    throw badRequest(
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  if (isRecord(path))
    return { kind: 'path', verb: text(path.verb) ?? '', path: text(path.path) ?? '' };
  const attributes = isRecord(wanted) ? wanted : {};
  const subresource = text(attributes.subresource);
  const namespace = text(attributes.namespace);
  const name = text(attributes.name);
  return {
    kind: 'resource',
    verb: text(attributes.verb) ?? '',
    group: text(attributes.group) ?? '',
    resource: text(attributes.resource) ?? '',
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

/** Absent and empty mean the same here. */
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
