import type { PlannedCheck } from '../../../src/plan/restart-plan.ts';
import { LinkError } from '../link-error.ts';
import type { CheckAnswer } from '../ports.ts';
import { safeText } from '../redact.ts';
import { statusMessage } from './classify.ts';
import type { KubeClient } from './client.ts';
import { namespacedPath } from './request.ts';

export type ConditionCheck = Extract<PlannedCheck, { kind: 'condition' }>;

/**
 * Whether a condition of an object has the status that is asked for. One that is not there is
 * `Unknown` (Kubernetes API conventions, "Typical status properties"); an object that is not there is
 * an error that may pass: nobody knows.
 */
export const checkCondition = (
  client: KubeClient,
  check: ConditionCheck,
  signal: AbortSignal,
): Promise<CheckAnswer> => {
  const { resource, namespace, name, type, status: wanted } = check;
  const place = `${resource} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return client.request(
    { doing: `get ${place}`, method: 'GET', path: pathOf(check), answers: [404] },
    signal,
    ({ status: code, body }) => {
      if (code === 404) {
        const found = safeText(statusMessage(body));
        throw new LinkError('check', `get ${place}: 404 ${found}`, { transient: true });
      }
      const { status } = (body ?? {}) as { readonly status?: { readonly conditions?: unknown } };
      const conditions = Array.isArray(status?.conditions) ? status.conditions : [];
      const condition = (conditions as readonly Condition[]).find((one) => one.type === type);
      const found = condition?.status ?? 'Unknown';
      const why = condition?.message ? `: ${condition.message}` : '';
      return {
        kind: found === wanted ? 'yes' : 'no',
        message: safeText(`${type} of ${place} is ${found}${why}`),
      };
    },
  );
};

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly message?: string;
}

function pathOf({ apiVersion, resource, namespace, name }: ConditionCheck): string {
  const api = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespace === undefined
    ? `${api}/${resource}/${encodeURIComponent(name)}`
    : namespacedPath(api, namespace, resource, name);
}
