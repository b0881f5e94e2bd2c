import { UserError } from '../../../charts/user-error.ts';
import { planUndo } from '../../aws-auth/backup.ts';
import { ownEntriesAsIn } from '../../aws-auth/leave.ts';
import { sectionNames, type SectionName } from '../../aws-auth/sections.ts';
import type { CliIo } from '../io.ts';
import { changeAwsAuth, type ChangeOptions } from './change.ts';
import type { AwsAuthConfigMap, LiveAwsAuth } from './live-config-map.ts';
import { findTargetOrLeft, type Target } from './target.ts';
import { mergeOrRefuse, type Decision } from './write.ts';

/**
 * `rollcall aws-auth undo`: takes back the fleet's last write: to the byte where nothing has been
 * written since, otherwise the fleet's own entries alone; also in a cluster that has left the file.
 *
 * @throws UserError `aws-auth/no-backup` besides what the others throw
 */
export const runUndo = (io: CliIo, options: ChangeOptions): Promise<number> =>
  changeAwsAuth(io, options, undo, findTargetOrLeft);

function undo(live: LiveAwsAuth, target: Target, configMap: AwsAuthConfigMap): Decision {
  const plan = planUndo(live.data, live.backup, target.fleet);
  switch (plan.kind) {
    case 'restore': {
      const sections: Partial<Record<SectionName, string>> = {};
      for (const section of sectionNames) {
        const before = plan.changes[section];
        const text = before === undefined ? live.data[section] : (before ?? undefined);
        if (text !== undefined) sections[section] = text;
      }
      const said = `Restored to the byte as it was before the write of ${plan.at}, and read back.`;
      return { sections, backup: 'drop', said, notes: [] };
    }
    case 'own-entries': {
      const then: Partial<Record<SectionName, string>> = {};
      for (const section of sectionNames) {
        const text = section in plan.before ? plan.before[section] : live.data[section];
        if (text !== undefined) then[section] = text;
      }
      const wanted = ownEntriesAsIn(then, target.fragment);
      const note = `${plan.changed.join(' and ')} was written by someone else after the write of ${plan.at}: to restore what was before would undo that too. So only the fleet’s own entries are what they were.`;
      return {
        ...mergeOrRefuse(configMap, live, wanted),
        backup: 'drop',
        said: 'Brought back, and read back.',
        notes: [note],
      };
    }
    case 'no-backup':
      throw new UserError({
        code: 'aws-auth/no-backup',
        place: configMap.where,
        found: plan.found,
        expected: `the backup of a write of fleet ${target.fleet}`,
        next: '`rollcall aws-auth remove` takes the fleet’s own entries out.',
      });
  }
}
