import type { Fleet } from '../../fleet/model.ts';
import type { Identities } from '../identities.ts';
import { askedPermissions } from '../policies.ts';
import { ownRoleArn } from '../role-arns.ts';
import type { RoleDrafts } from './drafts.ts';

/** Each service's own role, trusted for exactly its pods; none where its pods become the targets' roles. */
export function addServiceRoles(drafts: RoleDrafts, fleet: Fleet, identities: Identities): void {
  for (const service of fleet.services) {
    const { ways = [] } = identities.get(service.id) ?? {};
    const trusts = ways.flatMap((way) => way.trusts);
    if (service.kind === 'pod' && trusts.length === 0) continue;
    const draft = drafts.want({
      arn: ownRoleArn(fleet, service),
      purpose: 'service',
      ownership: service.existingRole ? 'existing' : 'rollcall',
      path: service.path,
    });
    if (!draft) continue;
    for (const trust of trusts) drafts.addTrust(draft, trust, service.path);
    const place = {
      account: service.account.id,
      partition: service.partition,
      ...(service.kind === 'pod'
        ? { region: service.cluster.region, cluster: service.cluster.eksCluster }
        : {}),
      service: service.name,
      env: service.env,
    };
    for (const [key, permission] of askedPermissions(service.policies, place)) {
      draft.permissions.set(key, permission);
    }
  }
}
