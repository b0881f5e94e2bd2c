import type { Reviews, Right, Rule } from '../ports.ts';
import type { KubeClient } from './client.ts';

const api = '/apis/authorization.k8s.io/v1';
const apiVersion = 'authorization.k8s.io/v1';

/** What the caller may do, as the cluster itself says it (Kubernetes, Authorization, "Checking API access"). */
export function createReviews(client: KubeClient): Reviews {
  return {
    rules: (namespace, signal) =>
      client.request(
        {
          doing: `review the rules in ${namespace}`,
          method: 'POST',
          path: `${api}/selfsubjectrulesreviews`,
          body: { apiVersion, kind: 'SelfSubjectRulesReview', spec: { namespace } },
        },
        signal,
        ({ body }) => {
          const { resourceRules, incomplete } = statusOf(body) as {
            readonly resourceRules?: readonly Partial<Rule>[] | null;
            readonly incomplete?: boolean;
          };
          return { rules: (resourceRules ?? []).map(toRule), incomplete: incomplete ?? false };
        },
      ),

    allowed: (right, signal) =>
      client.request(
        {
          doing: `review ${right.verb} ${right.resource} in ${right.namespace}`,
          method: 'POST',
          path: `${api}/selfsubjectaccessreviews`,
          body: {
            apiVersion,
            kind: 'SelfSubjectAccessReview',
            spec: { resourceAttributes: toAttributes(right) },
          },
        },
        signal,
        ({ body }) => (statusOf(body) as { readonly allowed?: boolean }).allowed === true,
      ),
  };
}

/** A review without a status has not been answered: it must not pass for "nothing is allowed". */
function statusOf(body: unknown): object {
  const { status } = (body ?? {}) as { readonly status?: unknown };
  if (typeof status === 'object' && status !== null) return status;
  throw new Error('the answer has no status: it is no review');
}

const toRule = ({ verbs, apiGroups, resources, resourceNames }: Partial<Rule>): Rule => ({
  verbs: verbs ?? [],
  apiGroups: apiGroups ?? [],
  resources: resources ?? [],
  resourceNames: resourceNames ?? [],
});

function toAttributes({ verb, group, resource, namespace, name }: Right) {
  const [plural, subresource] = resource.split('/');
  return {
    namespace,
    verb,
    group,
    resource: plural,
    ...(subresource !== undefined && { subresource }),
    ...(name !== undefined && { name }),
  };
}
