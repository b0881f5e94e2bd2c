import { isRegion, parseRoleArn, partitionOf } from '../names/arn.ts';
import type { PropsProblem } from './props-error.ts';

/**
 * A role is where the region beside it is: partitions share nothing, and ARNs are made by the region's
 * (AWS Whitepaper "AWS Fault Isolation Boundaries", "Partitions"). Empty where either is wrong by itself.
 *
 * @param prop of the role
 */
export function rolePartitionProblems(
  prop: string,
  roleArn: unknown,
  region: unknown,
): readonly PropsProblem[] {
  const role = typeof roleArn === 'string' ? parseRoleArn(roleArn) : undefined;
  if (role === undefined || typeof region !== 'string' || !isRegion(region)) return [];
  const partition = partitionOf(region);
  if (role.partition === partition) return [];
  return [
    {
      code: 'construct/role-partition',
      prop,
      found: `a role in the partition ${role.partition}, and the region ${region}, which is in ${partition}`,
      expected: 'both in one partition',
      next: 'Correct the ARN, or the region.',
    },
  ];
}
