import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { RestartAccess } from '../src/constructs/restart-access.ts';
import { UserAccess } from '../src/constructs/user-access.ts';
import type { ClusterChartProps } from './hub.ts';

/**
 * What a target gets: no namespace, which is someone else's, but rights in those that are there, of
 * restarts and of people.
 */
export class TargetChart extends Chart {
  constructor(scope: Construct, id: string, { fleet, access }: ClusterChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    for (const grant of access.grants) {
      // A dot: neither name holds one, so no two grants can have one id.
      new RestartAccess(this, `access.${grant.service}.${grant.namespace}`, { fleet, grant });
    }
    for (const grant of access.userGrants) {
      new UserAccess(this, `users.${grant.user}`, { fleet, grant });
    }
  }
}
