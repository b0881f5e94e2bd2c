import type { Mapping } from '../src/access/graph.ts';
import type { AwsAuthEntries } from '../src/aws-auth/fragment.ts';

/** A cluster's mappings in the two sections of `aws-auth`. */
export const fragmentEntries = (mappings: readonly Mapping[]): AwsAuthEntries => ({
  mapRoles: mappings
    .filter(({ kind }) => kind === 'role')
    .map(({ arn, username, groups }) => ({ rolearn: arn, username, groups })),
  mapUsers: mappings
    .filter(({ kind }) => kind === 'user')
    .map(({ arn, username, groups }) => ({ userarn: arn, username, groups })),
});
