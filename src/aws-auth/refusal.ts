import type { MergeCode } from './codes.ts';
import type { Entry } from './entries.ts';
import { arnKeys, type Mapping, type SectionName } from './sections.ts';

/** Nothing is merged: the ConfigMap stays as it is. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: MergeCode;
  readonly section: SectionName;
  readonly found: string;
  readonly expected: string;
  readonly next: string;
}

const refused = (
  code: MergeCode,
  section: SectionName,
  found: string,
  expected: string,
  next: string,
): Refusal => ({ kind: 'refused', code, section, found, expected, next });

export const unreadable = (section: SectionName, line: number, reason: string): Refusal =>
  refused(
    'aws-auth/unreadable',
    section,
    `${section} that can't be read at its line ${line}: ${reason}`,
    'a YAML list of maps',
    `Repair ${section} by hand first: as it stands, the authenticator ignores all or part of it.`,
  );

export const unmergeable = (section: SectionName): Refusal =>
  refused(
    'aws-auth/unreadable',
    section,
    `${section} in a style to which an entry can’t be added, or from which none can be taken`,
    'a plain block list of maps',
    `Write ${section} as a plain block list first.`,
  );

export const duplicate = (section: SectionName, arn: string): Refusal =>
  refused(
    'aws-auth/duplicate',
    section,
    `more than one entry for ${arn}`,
    'one: of several the last silently wins',
    'Remove all but one by hand.',
  );

export const conflict = (section: SectionName, wanted: Mapping, entry: Entry): Refusal =>
  refused(
    'aws-auth/conflict',
    section,
    `an entry of someone else’s for ${wanted.arn} that maps it to ${identity(entry)}`,
    `${identity(wanted)}, or no entry of someone else's`,
    'Say in the fleet file what is there (`kubernetesUser`, or the user’s `username` and `groups`), or remove the entry.',
  );

const identity = ({ username, groups }: Omit<Mapping, 'arn'>): string =>
  `user ${JSON.stringify(username)} ${groups.length === 0 ? 'without groups' : `in ${groups.map((one) => JSON.stringify(one)).join(', ')}`}`;

/** aws-iam-authenticator, pkg/arn, Canonicalize: issues 268 (paths) and 275 (sessions). */
export function neverMatches(section: SectionName, arn: string): Refusal {
  const form = section === 'mapRoles' ? 'role/NAME' : 'user/[PATH/]NAME';
  return refused(
    'aws-auth/arn',
    section,
    `${arnKeys[section]} ${JSON.stringify(arn)}, which matches no caller`,
    `arn:PARTITION:iam::ACCOUNT:${form}: the authenticator brings a caller’s session to its role, without the path`,
    section === 'mapRoles'
      ? 'Name the role itself, without a path and without a session; access entries take a path.'
      : 'Name an IAM user; what assumes a role is mapped as the role.',
  );
}

export const nodeRole = (section: SectionName, { arn }: Mapping): Refusal =>
  refused(
    'aws-auth/node-role',
    section,
    `the fleet’s mark above ${arn}, which is the nodes’`,
    'a mark above entries of the fleet’s own alone: without their role, nodes are NotReady',
    'Take the line of the mark out by hand; the entry then counts as someone else’s.',
  );
