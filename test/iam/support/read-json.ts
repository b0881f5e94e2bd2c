import type { ApplyOrder } from '../../../src/iam/apply-order.ts';
import type { OutputFile } from '../../../src/iam/output-file.ts';
import { nothing, roleIn, type Carried } from './carried.ts';

/** What `_iam/` says. */
export function readJson(files: readonly OutputFile[]): Carried {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const read = (path: string): unknown => JSON.parse(texts.get(path) ?? '');
  const { steps } = read('_iam/apply-order.json') as ApplyOrder;
  const collected = nothing();
  for (const step of steps) {
    switch (step.action) {
      case 'create-oidc-provider':
        collected.providers[`${step.account}/${step.issuer}`] = step.clientIds;
        break;
      case 'create-role': {
        const role = roleIn(collected, step.account, step.role);
        const { path, maxSessionSeconds, permissionsBoundary, tags } = step;
        role.trust = read(step.file);
        role.made = { path, maxSessionSeconds, permissionsBoundary, tags };
        break;
      }
      case 'add-trust-statements':
        roleIn(collected, step.account, step.role).trust = read(step.file);
        break;
      case 'put-permissions':
      case 'add-permission-statements':
      case 'attach-managed-policy': {
        const kind = step.action === 'attach-managed-policy' ? 'managed' : 'inline';
        const { policies } = roleIn(collected, step.account, step.role);
        policies[step.policy] = { kind, document: read(step.file) };
        break;
      }
      case 'create-access-entry': {
        const { account, region, cluster, principalArn, username, groups, policies } = step;
        const key = `${account}/${region}/${cluster}/${principalArn}`;
        collected.entries[key] = { username, groups, policies };
        break;
      }
      case 'create-pod-identity-association': {
        const { account, region, cluster, namespace, serviceAccount } = step;
        const { roleArn, targetRoleArn, disableSessionTags } = step;
        const key = `${account}/${region}/${cluster}/${namespace}/${serviceAccount}`;
        collected.associations[key] = {
          roleArn,
          ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
          disableSessionTags,
        };
        break;
      }
    }
  }
  return collected;
}
