import type { MergeChange } from '../../aws-auth/merge-section.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { openAwsAuth } from './config-map.ts';
import type { AwsAuthOptions } from './options.ts';
import { leavesByFile } from './needs-check.ts';
import { diffsOf, notesOn, printReport } from './report.ts';
import { requireOwnEntries } from './right-cluster.ts';
import { findTarget, type Target } from './target.ts';
import { mergeOrRefuse, noConfigMap } from './write.ts';

/**
 * `rollcall aws-auth diff`: what `apply` would write, or `remove` in a cluster that has access
 * entries by now. Writes nothing.
 *
 * @returns 0 nothing, 1 error, 2 something
 * @throws UserError
 */
export async function runDiff(io: CliIo, options: AwsAuthOptions): Promise<number> {
  const target = findTarget(io, options, options.output);
  if (!target) return exitCodes.error;
  const configMap = openAwsAuth(io, target, options);
  const live = await configMap.read();
  if (!live) throw noConfigMap(configMap);
  requireOwnEntries(configMap, live, target);
  const { sections, entries } = mergeOrRefuse(configMap, live, target.fragment);
  const diffs = diffsOf(live.data, sections);
  const something = Object.keys(diffs).length > 0;
  const report = {
    fleet: target.fleet,
    cluster: target.cluster.name,
    context: configMap.context,
    configMap: 'kube-system/aws-auth',
    written: false,
    entries,
    diffs,
    notes: notesOn(live.data),
  } as const;
  printReport(io, options.output, report, [
    configMap.where,
    something ? writtenBy(target, entries) : 'Nothing to change.',
  ]);
  return something ? exitCodes.something : exitCodes.ok;
}

const writtenBy = (target: Target, entries: readonly MergeChange[]): string =>
  leavesByFile(target, entries)
    ? 'rollcall aws-auth remove writes this, once the access entries are proved: rollcall aws-auth migrate.'
    : 'rollcall aws-auth apply writes this.';
