import type { Cluster, Fleet, Reach, Service } from '../fleet/model.ts';
import {
  roleArn,
  type AccountId,
  type Partition,
  type RoleArn,
  type RoleName,
} from '../names/arn.ts';

/** A service's own role: of Rollcall's own it is on the fleet's path, of someone else's on that which the file says. */
export const ownRoleArn = ({ iam }: Pick<Fleet, 'iam'>, service: Service): RoleArn =>
  roleArn(
    service.partition,
    service.account.id,
    service.role,
    service.existingRole ? service.rolePath : iam.path,
  );

/** The role that a reach has in a cluster's account. */
export const targetRoleArn = (
  { iam }: Pick<Fleet, 'iam'>,
  reach: Reach,
  cluster: Cluster,
): RoleArn =>
  roleArn(
    cluster.partition,
    cluster.account.id,
    reach.role,
    reach.existing ? reach.rolePath : iam.path,
  );

/** A role made for people, in an account. */
export const userRoleArn = (
  { iam }: Pick<Fleet, 'iam'>,
  role: RoleName,
  { partition, id }: { readonly partition: Partition; readonly id: AccountId },
): RoleArn => roleArn(partition, id, role, iam.path);
