import { isRecord } from './objects.ts';
import type { AccessRequest, KubeUser, RbacAuthorizer } from './rbac.ts';
import { accessReviews, apiVersionOf, rulesReviews } from './resources.ts';
import type { ReviewType } from './resources.ts';
import { badRequest } from './status-error.ts';

/** Who asks, and whom. */
export interface Asked {
  readonly authorizer: RbacAuthorizer;
  readonly user: KubeUser;
  readonly webhookAuthorizer: boolean;
}

/** k8s.io/apiserver plugin/pkg/authorizer/webhook/webhook.go, RulesFor */
const noWebhookRules = 'webhook authorizer does not support user rule resolution';

/** What an authorizer says of a user, in the answer to the question that was posted. */
export function answerReview(type: ReviewType, asked: Asked, body: unknown): unknown {
  const { user } = asked;
  const answer = { kind: type.kind, apiVersion: apiVersionOf(type), metadata: {} };
  switch (type) {
    case accessReviews:
      return { ...answer, ...accessReview(asked, specOf(body)) };
    case rulesReviews:
      return { ...answer, ...rulesReview(asked, specOf(body)) };
    default:
      return { ...answer, status: { userInfo: user } };
  }
}

type Spec = Readonly<Record<string, unknown>>;

/** May I? */
function accessReview({ authorizer, user }: Asked, spec: Spec): object {
  const { allowed, reason } = authorizer.authorize(user, accessRequest(spec));
  return { spec, status: { allowed, ...(reason !== '' && { reason }) } };
}

/** What may I, in this namespace? */
function rulesReview({ authorizer, user, webhookAuthorizer }: Asked, spec: Spec): object {
  const namespace = text(spec.namespace);
  if (namespace === undefined) throw badRequest('no namespace on request');
  const { rules, errors: unresolved } = authorizer.rulesFor(user, namespace);
  const errors = [...unresolved, ...(webhookAuthorizer ? [noWebhookRules] : [])];
  return {
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

function specOf(body: unknown): Spec {
  if (!isRecord(body) || !isRecord(body.spec)) throw badRequest('the review has no spec');
  return body.spec;
}

function accessRequest(spec: Spec): AccessRequest {
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
