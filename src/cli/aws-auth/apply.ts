import type { CliIo } from '../io.ts';
import { changeAwsAuth, type ChangeOptions } from './change.ts';
import { requireNoWayOut } from './needs-check.ts';
import { mergeOrRefuse } from './write.ts';

/**
 * `rollcall aws-auth apply`: merges the fleet's entries into the live ConfigMap.
 *
 * @throws UserError
 */
export const runApply = (io: CliIo, options: ChangeOptions): Promise<number> =>
  changeAwsAuth(io, options, (live, target, configMap) => {
    const merged = mergeOrRefuse(configMap, live, target.fragment);
    requireNoWayOut(configMap, target, merged.entries);
    return {
      ...merged,
      backup: 'keep',
      said: 'Written, and read back. What stood there before is kept: rollcall aws-auth undo.',
      notes: [],
    };
  });
