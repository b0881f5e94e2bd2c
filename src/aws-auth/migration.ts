import { withoutPath } from '../names/arn.ts';
import { parseEntries } from './entries.ts';
import { isNodeMapping } from './node-role.ts';
import {
  planEntry,
  type MigratedCluster,
  type MigratedEntry,
  type Obstacle,
  type PlannedEntry,
  type PlannedPolicy,
} from './migration-entry.ts';
import { lossesOf } from './migration-losses.ts';
import { migrationSteps, type MigrationStep } from './migration-steps.ts';
import { unreadable, type Refusal } from './refusal.ts';
import { sameArn, sectionNames, type Mapping, type SectionName } from './sections.ts';

/** The way of a cluster from `aws-auth` to access entries, in the order that locks nobody out. */
export interface MigrationPlan {
  readonly cluster: MigratedCluster;
  /** Nodes last: they are the last that leave the ConfigMap. */
  readonly entries: readonly MigratedEntry[];
  /** What no access entry can have: while there is one, the ConfigMap is needed. */
  readonly leftovers: readonly Leftover[];
  readonly steps: readonly MigrationStep[];
}

export interface Leftover {
  readonly section: SectionName | 'mapAccounts';
  /** The ARN, or what stands there. */
  readonly what: string;
  readonly found: string;
  readonly next: string;
}

/** What of an `aws-auth` is the fleet's own, and what the fleet asks of the cluster. */
export interface FleetsShare {
  /** ARNs of the entries with the fleet's mark. */
  readonly own: readonly string[];
  /** By which each form of IAM knows its entries. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whom the fleet lets in, by their whole ARNs: `aws-auth` leaves a role's path out. */
  readonly asked: readonly AskedEntry[];
  /** The fleet file says `access-entries` already: what it asks goes before what `aws-auth` has. */
  readonly byEntries: boolean;
}

export interface AskedEntry {
  readonly principalArn: string;
  readonly username: string;
  readonly groups: readonly string[];
  readonly policies: readonly PlannedPolicy[];
}

/** @param data of the live ConfigMap */
export function planMigration(
  data: Readonly<Record<string, string>>,
  cluster: MigratedCluster,
  share: FleetsShare,
): { readonly kind: 'planned'; readonly plan: MigrationPlan } | Refusal {
  const all: (Mapping & { readonly section: SectionName })[] = [];
  for (const section of sectionNames) {
    const parsed = parseEntries(section, data[section] ?? '');
    if (parsed.kind === 'unreadable') return unreadable(section, parsed.line, parsed.reason);
    const found = parsed.kind === 'empty' ? [] : parsed.entries;
    all.push(...found.map(({ arn, username, groups }) => ({ section, arn, username, groups })));
  }
  const entries: MigratedEntry[] = [];
  const leftovers: Leftover[] = [];
  for (const mapping of [...all].sort(nodesLast)) {
    const { section, arn } = mapping;
    const twice = all.filter((one) => sameArn(one.arn, arn)).length > 1;
    const isOwn = share.own.includes(arn);
    const planned = twice
      ? several
      : isOwn
        ? planOwn(mapping, cluster, share)
        : planEntry(mapping, cluster);
    if (!('type' in planned)) {
      leftovers.push({ section, what: arn === '' ? 'an entry without an ARN' : arn, ...planned });
    } else if (isOwn) {
      const loses = lossesOf(mapping, planned);
      const own = { section, owner: 'fleet', ...planned, tags: share.tags } as const;
      entries.push(loses.length === 0 ? own : { ...own, loses });
    } else {
      entries.push({ section, owner: 'someone else', ...planned });
    }
  }
  leftovers.push(...accountLeftovers(data.mapAccounts));
  return {
    kind: 'planned',
    plan: {
      cluster,
      entries,
      leftovers,
      steps: migrationSteps(cluster, entries, {
        count: leftovers.length,
        own: leftovers.some(({ what }) => share.own.includes(what)),
      }),
    },
  };
}

function planOwn(
  mapping: Mapping,
  cluster: MigratedCluster,
  { asked, byEntries }: FleetsShare,
): PlannedEntry | Obstacle {
  const entry = asked.find(({ principalArn }) => sameArn(withoutPath(principalArn), mapping.arn));
  if (!entry) return noLongerAsked(cluster, byEntries);
  if (byEntries) return { type: 'STANDARD', ...entry };
  return planEntry(mapping, cluster, entry.principalArn);
}

/** Made once, an access entry would outlive its line in the fleet file: no script takes it out. */
const noLongerAsked = ({ name }: MigratedCluster, byEntries: boolean): Obstacle => ({
  found: 'an entry of the fleet, which no longer lets it in',
  next: byEntries
    ? `Take it out by hand, or by \`rollcall aws-auth remove --cluster ${name}\` in step 5, with the fleet’s others.`
    : `Take it out first: \`rollcall aws-auth apply --cluster ${name}\`.`,
});

const nodesLast = (a: Mapping, b: Mapping): number =>
  Number(isNodeMapping(a)) - Number(isNodeMapping(b));

const several = {
  found: 'several entries for one principal: one of them silently wins',
  next: 'Remove all but one by hand first.',
} as const;

/** Whole accounts: each principal is a user by its ARN, without groups (pkg/server, mapAccounts). */
function accountLeftovers(text = ''): readonly Leftover[] {
  const isEmpty = /^(?:``|""|''|\[\s*\])?$/.test(text.replaceAll(/^\s*#.*$/gm, '').trim());
  if (isEmpty) return [];
  return [
    {
      section: 'mapAccounts',
      what: text.trim(),
      found: 'whole accounts, which access entries do not take',
      next: 'Make an entry for each principal that uses the cluster (its audit log names them), and take the section out by hand.',
    },
  ];
}
