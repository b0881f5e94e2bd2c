import { parseEntries } from './entries.ts';
import { isNodeMapping } from './node-role.ts';
import { planEntry, type MigratedCluster, type PlannedEntry } from './migration-entry.ts';
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

export interface MigratedEntry extends PlannedEntry {
  readonly section: SectionName;
  /** `fleet`: it has the fleet’s mark, and `rollcall aws-auth remove` takes it out. */
  readonly owner: 'fleet' | 'someone else';
}

export interface Leftover {
  readonly section: SectionName | 'mapAccounts';
  /** The ARN, or what stands there. */
  readonly what: string;
  readonly found: string;
  readonly next: string;
}

/**
 * @param data of the live ConfigMap
 * @param own ARNs of the entries that are the fleet's own
 */
export function planMigration(
  data: Readonly<Record<string, string>>,
  cluster: MigratedCluster,
  own: readonly string[],
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
    const planned = twice ? several : planEntry(mapping, cluster);
    const owner = own.includes(arn) ? 'fleet' : 'someone else';
    if ('type' in planned) entries.push({ section, owner, ...planned });
    else
      leftovers.push({ section, what: arn === '' ? 'an entry without an ARN' : arn, ...planned });
  }
  leftovers.push(...accountLeftovers(data.mapAccounts));
  return {
    kind: 'planned',
    plan: {
      cluster,
      entries,
      leftovers,
      steps: migrationSteps(cluster, entries, leftovers.length),
    },
  };
}

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
