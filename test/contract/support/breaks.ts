import { until } from '../../support/wait.ts';
import type { Lab } from '../laboratory.ts';

/** What all clusters depend on, beside the links that the demo can break. */

/** The hub's account has no OIDC provider any more. */
export function breakProvider({ world: { iam } }: Lab): void {
  iam.provider = () => undefined;
}

/** The provider accepts tokens for someone else alone. */
export function breakAudience({ world: { iam } }: Lab): void {
  const find = iam.provider.bind(iam);
  iam.provider = (account, issuer) => {
    const found = find(account, issuer);
    return found && { ...found, clientIds: ['another'] };
  };
}

const record = 'after-key-creation-record';
const job = { 'impersonate-user': 'system:serviceaccount:sts:key-restarter' };

/** The job is no longer bound to the Role of its record. */
export async function breakRecord(lab: Lab): Promise<void> {
  const binding = `/apis/rbac.authorization.k8s.io/v1/namespaces/sts/rolebindings/${record}`;
  const { status } = await lab.admin('ci', { method: 'DELETE', path: binding });
  if (status !== 200) throw new Error(`DELETE ${binding}: ${status}`);
  const path = `/api/v1/namespaces/sts/configmaps/${record}-0`;
  await until('the job may not read its record', async () => {
    const answer = await lab.admin('ci', { path, headers: job });
    return answer.status === 403;
  });
}
