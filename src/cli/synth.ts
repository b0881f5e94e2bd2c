import { compareOutputs, type Change } from '../../charts/compare.ts';
import { renderOutput } from '../../charts/render.ts';
import { readOutput, writeOutput } from '../../charts/write.ts';
import { printable } from '../fleet/terminal-text.ts';
import { exitCodes } from './exit-codes.ts';
import { prepareFile, type Ready } from './fleet-file.ts';
import { columns, printData, type CliIo, type OutputFormat } from './io.ts';

export interface SynthOptions {
  readonly output: string;
  readonly format: OutputFormat;
}

/**
 * `rollcall synth`: everything that the fleet file asks for, written into one folder.
 *
 * @throws UserError when the file can't be read, or the folder not be written
 */
export function runSynth(io: CliIo, file: string, options: SynthOptions): number {
  const ready = prepareFile(io, file, options.format);
  if (!ready) return exitCodes.error;
  const files = renderOutput(ready.graph, ready.iam);
  const removed = compareOutputs(readOutput(options.output), files)
    .filter(({ change }) => change === 'removed')
    .map(({ where, what }) => ({ where, what }));
  writeOutput(files, options.output);
  const paths = files.map(({ path }) => path);
  const data = { output: options.output, files: paths, apply: ready.order, remove: removed };
  printData(io, options.format, data, () => paths.map((path) => `${path}\n`).join(''));
  if (options.format === 'table') {
    io.stderr(`\n${nextSteps(ready, options.output)}${removals(removed)}`);
  }
  return exitCodes.ok;
}

/** The order in which to apply it: IAM refuses a trust in a role that does not exist. */
function nextSteps({ order, graph }: Ready, output: string): string {
  const steps = order.steps.map(({ step, action, account, role }) => [
    `  ${step}.`,
    action,
    `${account}/${role}`,
  ]);
  const apply = graph.clusters
    .filter(({ pods, grants }) => pods.length > 0 || grants.length > 0)
    .map(({ cluster }) => cluster.name)
    .join(', ');
  return [
    `Written to ${printable(output)}. Apply in this order:\n`,
    ...order.prerequisites.map(({ arn, clientId }) => `  0.  must exist: ${arn} (${clientId})\n`),
    columns(steps),
    `  then merge _aws-auth/*.yaml into each cluster's kube-system/aws-auth,\n`,
    `  and apply the folder of each cluster: ${apply}.\n`,
  ].join('');
}

/** What was generated before and is no more: nothing takes it away by itself, and this is said once. */
function removals(removed: readonly Pick<Change, 'where' | 'what'>[]): string {
  if (removed.length === 0) return '';
  return [
    '\nNo longer generated. Take it away by hand where it was applied (docs/clusters.md, docs/iam.md):\n',
    columns(removed.map(({ where, what }) => [`  - ${where}`, what])),
  ].join('');
}
