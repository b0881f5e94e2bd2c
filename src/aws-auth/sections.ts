import type { AwsAuthFragment } from './fragment.ts';

/**
 * The sections that are merged. Their keys in the ConfigMap are case-sensitive: the authenticator
 * reads no `MapRoles` (aws-iam-authenticator, pkg/mapper/configmap, ParseMap).
 */
export const sectionNames = ['mapRoles', 'mapUsers'] as const;
export type SectionName = (typeof sectionNames)[number];

/** The key of an entry that names its principal; inner keys are read without regard to case. */
export const arnKeys = { mapRoles: 'rolearn', mapUsers: 'userarn' } as const;

/** The texts of the ConfigMap; absent where it has no such key. */
export type Sections = Readonly<Partial<Record<SectionName, string>>>;

/** An entry, whichever section it stands in. */
export interface Mapping {
  readonly arn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/** What a fragment asks of a section. */
export function wantedIn(section: SectionName, fragment: AwsAuthFragment): readonly Mapping[] {
  switch (section) {
    case 'mapRoles':
      return fragment.mapRoles.map(({ rolearn: arn, username, groups }) => ({
        arn,
        username,
        groups,
      }));
    case 'mapUsers':
      return (fragment.mapUsers ?? []).map(({ userarn: arn, username, groups }) => ({
        arn,
        username,
        groups,
      }));
  }
}

/** The authenticator compares ARNs without regard to case (pkg/config/mapper.go, Matches). */
export const sameArn = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The order of groups means nothing, nor does one that stands twice. */
export const sameIdentity = (a: Omit<Mapping, 'arn'>, b: Omit<Mapping, 'arn'>): boolean =>
  a.username === b.username && groupsKey(a) === groupsKey(b);

const groupsKey = ({ groups }: Pick<Mapping, 'groups'>): string =>
  JSON.stringify([...new Set(groups)].sort());

/** Keys that the authenticator would read if they were written in other letters. */
export function misspeltKeys(data: Readonly<Record<string, string>>): readonly string[] {
  const known = ['mapRoles', 'mapUsers', 'mapAccounts'];
  return Object.keys(data).filter(
    (key) => !known.includes(key) && known.some((one) => one.toLowerCase() === key.toLowerCase()),
  );
}
