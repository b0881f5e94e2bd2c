import type { Fleet } from '../../fleet/model.ts';
import { clusterArn, isUserArn } from '../../names/arn.ts';
import { userRoleArn } from '../role-arns.ts';
import type { RoleDrafts } from './drafts.ts';

/**
 * A role for people in the account of each cluster that they may enter, whose endpoint they may ask. A second factor is asked of
 * IAM users alone: a role's session never shows one, however its own sign-in was (IAM user guide,
 * "Secure API access with MFA").
 */
export function addUserRoles(drafts: RoleDrafts, fleet: Fleet): void {
  for (const { principal, clusters, path } of fleet.users) {
    if (principal.kind === 'existing') continue;
    for (const { account, partition, region, eksCluster } of clusters) {
      const draft = drafts.want({
        arn: userRoleArn(fleet, principal.role, { partition, id: account.id }),
        purpose: 'people',
        ownership: 'rollcall',
        path,
      });
      if (!draft) continue;
      for (const principalArn of principal.trusted) {
        const mfa = principal.mfa && isUserArn(principalArn);
        drafts.addTrust(draft, { kind: 'people', principalArn, mfa }, path);
      }
      // Without it `aws eks update-kubeconfig` writes them no kubeconfig.
      const arn = clusterArn(partition, region, account.id, eksCluster);
      draft.permissions.set(arn, { kind: 'describe-cluster', clusterArn: arn });
      draft.maxSessionSeconds = Math.max(draft.maxSessionSeconds, principal.sessionSeconds);
    }
  }
}
