import type { CliIo } from '../io.ts';
import { changeAwsAuth, type ChangeOptions } from './change.ts';
import { mergeOrRefuse } from './write.ts';

/**
 * `rollcall aws-auth apply`: merges the fleet's entries into the live ConfigMap.
 *
 * @throws UserError
 */
export const runApply = (io: CliIo, options: ChangeOptions): Promise<number> =>
  changeAwsAuth(io, options, (live, { fragment }, configMap) => ({
    ...mergeOrRefuse(configMap, live, fragment),
    backup: 'keep',
    said: 'Written, and read back. What stood there before is kept: rollcall aws-auth undo.',
    notes: [],
  }));
