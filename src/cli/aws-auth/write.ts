import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../charts/user-error.ts';
import { changedSections, encodeBackup, type SectionChanges } from '../../aws-auth/backup.ts';
import type { AwsAuthFragment } from '../../aws-auth/fragment.ts';
import type { MergeChange } from '../../aws-auth/merge-section.ts';
import { mergeAwsAuthSections } from '../../aws-auth/merge.ts';
import { sectionNames, type Sections } from '../../aws-auth/sections.ts';
import type { AwsAuthConfigMap, LiveAwsAuth, Write } from './live-config-map.ts';

/** Others write it seldom: so many conflicts mean that two tools fight over it. */
const mostTries = 5;
/** After a conflict; it grows with each. Milliseconds. */
const pauseMs = 50;

/** What shall stand in the ConfigMap, decided anew for each state that it is found in. */
export interface Decision {
  /** Texts as they shall be. */
  readonly sections: Sections;
  readonly entries?: readonly MergeChange[];
  /** `keep`: the state before is kept as the backup. `drop`: the backup is taken away. */
  readonly backup: 'keep' | 'drop';
  /** For people, once it is written. */
  readonly said: string;
  /** What stays as it is, though one might not expect it. */
  readonly notes: readonly string[];
}

export interface Written {
  readonly before: LiveAwsAuth;
  readonly decision: Decision;
  readonly changed: boolean;
}

export interface WriteOptions {
  readonly fleet: string;
  readonly now: number;
  readonly dryRun: boolean;
  /** Makes the ConfigMap where there is none. */
  readonly create: boolean;
}

/**
 * Reads, decides, and writes the keys that differ on the precondition that nobody has written since;
 * where someone has, all of it again. What was written is read back.
 *
 * @throws UserError `aws-auth/no-config-map`, `aws-auth/busy`, `aws-auth/unverified`, and what
 * `decide` and the API server throw
 */
export async function writeAwsAuth(
  configMap: AwsAuthConfigMap,
  options: WriteOptions,
  decide: (live: LiveAwsAuth) => Decision,
): Promise<Written> {
  const { fleet, now, dryRun, create } = options;
  for (let tries = 1; tries <= mostTries; tries++) {
    const found = await configMap.read();
    if (!found && !create) throw noConfigMap(configMap);
    const before = found ?? { data: {}, backup: undefined, resourceVersion: '' };
    const decision = decide(before);
    const changes = changedSections(before.data, decision.sections);
    const nothing = Object.keys(changes).length === 0;
    const stale = decision.backup === 'drop' && before.backup !== undefined;
    if (nothing && !stale) return { before, decision, changed: false };
    const backup =
      decision.backup === 'drop' ? null : encodeBackup(fleet, now, before.data, changes);
    const write: Write = { changes, backup, dryRun };
    const answer = found
      ? await configMap.patch(write, found.resourceVersion)
      : await configMap.create(write);
    if (answer === 'written') {
      if (!dryRun) await verify(configMap, changes);
      return { before, decision, changed: !dryRun };
    }
    await sleep(pauseMs * tries);
  }
  throw busy(configMap);
}

/** @throws UserError `aws-auth/unverified` where the ConfigMap is not as it was written */
async function verify(configMap: AwsAuthConfigMap, changes: SectionChanges): Promise<void> {
  const live = await configMap.read();
  const other = sectionNames.filter((section) => {
    const text = changes[section];
    return text !== undefined && live?.data[section] !== (text ?? undefined);
  });
  if (live && other.length === 0) return;
  throw new UserError({
    code: 'aws-auth/unverified',
    place: configMap.where,
    found: live ? `another ${other.join(' and ')} than was written a moment ago` : 'no ConfigMap',
    expected: 'what was written',
    next: 'See who else writes it: `kubectl get -o yaml --show-managed-fields`, then `rollcall aws-auth diff`.',
  });
}

export const noConfigMap = ({ where }: AwsAuthConfigMap): UserError =>
  new UserError({
    code: 'aws-auth/no-config-map',
    place: where,
    found: 'no such ConfigMap',
    expected: 'the ConfigMap that EKS makes with the first nodes',
    next: 'Check the context, and whether the cluster has access entries instead (mode API). Where it is really missing, `apply --create` makes it: nodes that are not in it can’t join.',
  });

const busy = ({ where }: AwsAuthConfigMap): UserError =>
  new UserError({
    code: 'aws-auth/busy',
    place: where,
    found: `a ConfigMap that was written by someone else between each of ${mostTries} reads and writes`,
    expected: 'a moment in which nobody writes it',
    next: 'See who writes it, and try again.',
  });

/** @throws UserError with the code of the refusal */
export function mergeOrRefuse(
  configMap: AwsAuthConfigMap,
  { data }: Pick<LiveAwsAuth, 'data'>,
  fragment: AwsAuthFragment,
): Pick<Decision, 'sections'> & { readonly entries: readonly MergeChange[] } {
  const merged = mergeAwsAuthSections(data, fragment);
  if (merged.kind === 'merged') return { sections: merged.sections, entries: merged.changes };
  const { code, section, found, expected, next } = merged;
  const place = `${configMap.where}, ${section}`;
  throw new UserError({ code, place, found, expected, next });
}
