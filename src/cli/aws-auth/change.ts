import { exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { openAwsAuth } from './config-map.ts';
import type { AwsAuthConfigMap, LiveAwsAuth } from './live-config-map.ts';
import type { AwsAuthOptions } from './options.ts';
import { diffsOf, notesOn, printReport } from './report.ts';
import { requireOwnEntries } from './right-cluster.ts';
import { findTarget, type Target } from './target.ts';
import { writeAwsAuth, type Decision } from './write.ts';

export interface ChangeOptions extends AwsAuthOptions {
  /** All is asked of the API server, and nothing is stored. */
  readonly dryRun?: true;
  readonly create?: true;
}

export type Decide = (live: LiveAwsAuth, target: Target, configMap: AwsAuthConfigMap) => Decision;

/**
 * Decides and writes, says what was done, and gives the exit code.
 *
 * @param find default: a cluster of the fleet file
 * @throws UserError
 */
export async function changeAwsAuth(
  io: CliIo,
  options: ChangeOptions,
  decide: Decide,
  find: (...args: Parameters<typeof findTarget>) => Target | undefined = findTarget,
): Promise<number> {
  const { dryRun = false, create = false, output } = options;
  const target = find(io, options, output);
  if (!target) return exitCodes.error;
  const configMap = openAwsAuth(io, target, options);
  const { fleet, name } = target;
  const { before, decision, changed } = await writeAwsAuth(
    configMap,
    { fleet, now: io.now(), dryRun, create },
    (live) => {
      requireOwnEntries(configMap, live, target);
      return decide(live, target, configMap);
    },
  );
  const diffs = diffsOf(before.data, decision.sections);
  const report = {
    fleet,
    cluster: name,
    context: configMap.context,
    configMap: 'kube-system/aws-auth',
    written: changed,
    ...(decision.entries && { entries: decision.entries }),
    diffs,
    notes: [...decision.notes, ...notesOn(before.data)],
  } as const;
  const nothing = Object.keys(diffs).length === 0;
  const done = dryRun ? 'A dry run: nothing is written.' : decision.said;
  printReport(io, output, report, [configMap.where, nothing ? 'Nothing to change.' : done]);
  return exitCodes.ok;
}
