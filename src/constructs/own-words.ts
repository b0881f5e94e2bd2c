import type { Problem } from '../fleet/diagnostic.ts';

type Words = Pick<Problem, 'found' | 'expected' | 'next'>;

/**
 * A problem of the fleet that props are made into, in the words of props: where the fleet file’s speak
 * of what only a fleet file has, such as services and their reach.
 */
export function inOwnWords({ code, found, expected, next }: Problem): Words {
  const said = { found, expected, next };
  switch (code) {
    case 'fleet/duplicate-cluster':
      return { ...said, next: 'Remove one, or correct its roleArn, region or eksCluster.' };
    case 'fleet/unknown-cluster':
      // A name that is near is a better hint.
      return next.startsWith('Write "') ? said : { ...said, next: 'Write the name of a target.' };
    case 'fleet/target-role':
      return {
        ...said,
        found: 'targetRole, and targets of several roles or accounts',
        next: 'Leave targetRole out: the job then makes the hops.',
      };
    case 'access/external-id-conflict':
      return { ...said, next: 'Give all targets of this role the same externalId.' };
    case 'access/partition-crossed':
      return { ...said, next: 'Restart it from a hub in its own partition.' };
    case 'access/account-partition':
      return { ...said, next: 'Correct the region, or the account in roleArn.' };
    case 'access/role-collision':
      return {
        ...said,
        found: 'a target’s roleArn that is the identity’s own',
        next: 'Give the target a role of its own.',
      };
    case 'access/service-account-reserved':
      return {
        ...said,
        expected: 'a ServiceAccount that is for the restart alone',
        next: 'Choose another name.',
      };
    default:
      return said;
  }
}
