import { parseEntries } from '../aws-auth/entries.ts';
import { ownEntries } from '../aws-auth/leave.ts';
import { isNodeMapping } from '../aws-auth/node-role.ts';
import {
  sameArn,
  sameIdentity,
  sectionNames,
  type Mapping,
  type Sections,
} from '../aws-auth/sections.ts';
import type { Cluster, User } from '../fleet/model.ts';
import { rules } from '../form/rules.ts';
import { withoutPath } from '../names/arn.ts';
import { accountsIn } from './map-accounts.ts';
import { tell, type Difference, type Drift } from './drift.ts';
import type { FileEdit } from './edit-model.ts';
import type { LeftOut } from './facts.ts';

/** An exported aws-auth, and what the fleet file says of its cluster. */
export interface ClusterPeople {
  readonly cluster: string;
  readonly accessControl: Cluster['accessControl'];
  readonly sections: Sections & { readonly mapAccounts?: string };
  /** Whom the fleet lets in there already. */
  readonly known: readonly Mapping[];
}

/** An entry of someone whom the fleet doesn't know, and where it stands. */
interface Stranger {
  readonly entry: Mapping;
  readonly map: ClusterPeople;
}

interface Person extends Mapping {
  readonly clusters: string[];
}

/**
 * Who enters clusters by aws-auth and is not in the fleet file: users to add. Nodes are none, nor are
 * the fleet’s own entries. What the file says otherwise is told, and stays.
 */
export function peopleDrift(
  fleet: { readonly name: string; readonly users: readonly User[] } | undefined,
  maps: readonly ClusterPeople[],
): Drift {
  const strangers: Stranger[] = [];
  const differences: Difference[] = [];
  const leftOut: LeftOut[] = [];
  for (const map of maps) {
    leftOut.push(...accountsIn(map));
    for (const entry of strangersIn(map, fleet?.name ?? '', leftOut)) {
      const known = map.known.find((one) => sameRole(one.arn, entry.arn));
      if (known) {
        if (sameIdentity(known, entry)) continue;
        differences.push(tell(map.cluster, 'user', said(known), said(entry)));
        continue;
      }
      strangers.push({ entry, map });
    }
  }
  const people: Person[] = [];
  for (const { entry, map } of strangers) {
    const problem = contradictionOf({ entry, map }, strangers) ?? problemOf(entry, map);
    if (problem) {
      const what = `aws-auth entry of ${entry.arn} as ${entry.username} in ${map.cluster}`;
      leftOut.push({ what, ...problem });
    } else join(people, entry, map.cluster);
  }
  const users = fleet?.users ?? [];
  const taken = new Set(users.map(({ name }) => name));
  for (const person of people) differences.push(added(person, users, taken));
  return { differences, leftOut };
}

const said = ({ arn, username, groups }: Mapping): string =>
  [`${arn} as ${username}`, ...(groups.length > 0 ? [`in ${groups.join(', ')}`] : [])].join(' ');

/** Paths are not seen by clusters, nor is case. */
const sameRole = (a: string, b: string): boolean => sameArn(withoutPath(a), withoutPath(b));

/** Entries that are neither nodes’ nor the fleet’s own. */
function strangersIn(
  { cluster, sections }: ClusterPeople,
  fleet: string,
  leftOut: LeftOut[],
): readonly Mapping[] {
  const own = ownEntries(sections, { fleet, cluster }).map(({ arn }) => arn);
  return sectionNames.flatMap((section): readonly Mapping[] => {
    const parsed = parseEntries(section, sections[section] ?? '');
    if (parsed.kind === 'empty') return [];
    if (parsed.kind === 'unreadable') {
      leftOut.push({
        what: `${section} of ${cluster}, line ${parsed.line}`,
        why: `the authenticator can’t read it: ${parsed.reason}`,
        next: 'Repair it in the cluster, and export it anew.',
      });
      return [];
    }
    return parsed.entries.filter(
      (entry) => !isNodeMapping(entry) && !own.some((arn) => sameArn(arn, entry.arn)),
    );
  });
}

/** Of two entries for one principal the authenticator takes one: nobody is to guess which was meant. */
function contradictionOf(
  { entry, map }: Stranger,
  all: readonly Stranger[],
): Omit<LeftOut, 'what'> | undefined {
  const other = all.find(
    (one) =>
      one.map.cluster === map.cluster &&
      sameRole(one.entry.arn, entry.arn) &&
      !sameIdentity(one.entry, entry),
  );
  return (
    other && {
      why: `another entry there contradicts it: ${said(other.entry)}`,
      next: 'Keep one of them in the cluster, and export it anew; or write the user by hand.',
    }
  );
}

/** Why an entry can’t be a user of the fleet file. */
function problemOf(
  { arn, username, groups }: Mapping,
  { accessControl }: ClusterPeople,
): Omit<LeftOut, 'what'> | undefined {
  const byHand = 'Write a user by hand, if it is still needed.';
  if (!rules.principalArn.test(arn)) return { why: 'it is no IAM user or role', next: byHand };
  if (!rules.username.test(username)) {
    return { why: `"${username}" can’t be the name of a user`, next: byHand };
  }
  const group = groups.find((one) => !rules.group.test(one));
  if (group !== undefined) return { why: `nobody is put into the group "${group}"`, next: byHand };
  const system = groups.find((one) => one.startsWith('system:'));
  if (system === undefined || accessControl === 'aws-auth') return undefined;
  const next = 'Write a user with accessPolicies, such as AmazonEKSClusterAdminPolicy.';
  return { why: `EKS refuses the group "${system}" in an access entry`, next };
}

function join(people: Person[], { arn, username, groups }: Mapping, cluster: string): void {
  const same = people.find(
    (one) => sameRole(one.arn, arn) && sameIdentity(one, { username, groups }),
  );
  if (!same) people.push({ arn, username, groups, clusters: [cluster] });
  else if (!same.clusters.includes(cluster)) same.clusters.push(cluster);
}

/** A user of its own, or more clusters for one that names its clusters and is the same in them. */
function added(person: Person, users: readonly User[], taken: Set<string>): Difference {
  const { arn, username, groups, clusters } = person;
  const name = freeName(arn, taken);
  taken.add(name);
  const value = {
    name,
    arn,
    ...(username !== name && { username }),
    ...(groups.length > 0 && { groups }),
    clusters,
  };
  const edits: FileEdit[] = [{ kind: 'append', path: ['users'], value }];
  const elsewhere = users.find(
    ({ principal }) => principal.kind === 'existing' && sameRole(principal.arn, arn),
  );
  const found = `${said(person)}: ${clusters.join(', ')}`;
  if (!elsewhere) return { of: name, what: 'user', file: null, found, kind: 'add', edits };
  const file = `${arn} in ${elsewhere.clusters.map((one) => one.name).join(', ')}`;
  return tell(elsewhere.name, 'user', file, found);
}

/** The last part of the ARN, in the letters of names; with its account, then a number, where taken. */
function freeName(arn: string, taken: ReadonlySet<string>): string {
  const account = arn.split(':')[4] ?? '';
  const base = arn
    .slice(arn.lastIndexOf('/') + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  const names = [base, `${base}-${account}`].filter((name) => rules.dnsLabel.test(name));
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let number = 2; ; number++) {
    const name = `user-${account}-${number}`;
    if (!taken.has(name)) return name;
  }
}
