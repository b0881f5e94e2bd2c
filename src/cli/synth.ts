import { compareOutputs } from '../../charts/compare.ts';
import { removals, type Removal } from '../../charts/removals.ts';
import { renderOutput } from '../../charts/render.ts';
import { readOutput, writeOutput } from '../../charts/write.ts';
import type { OutputFile } from '../iam/render.ts';
import { printable } from '../fleet/terminal-text.ts';
import { subjectOf, textOfPrerequisite } from '../iam/apply-order.ts';
import { exitCodes } from './exit-codes.ts';
import { prepareFile, showFindings, type Ready } from './fleet-file.ts';
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
  const before = readOutput(options.output);
  const removed = removals(compareOutputs(before, files), before, ready.fleet.clusters);
  writeOutput(files, options.output);
  const paths = files.map(({ path }) => path);
  const data = {
    output: options.output,
    files: paths,
    apply: ready.order,
    remove: removed,
    findings: ready.findings,
  };
  printData(io, options.format, data, () => paths.map((path) => `${path}\n`).join(''));
  if (options.format === 'table') {
    io.stderr(`\n${nextSteps(ready, files, options.output)}${removalList(removed)}`);
    showFindings(io, ready, options.format);
  }
  return exitCodes.ok;
}

/** The order in which to apply it: IAM refuses a trust in a role that does not exist. */
function nextSteps({ order, graph }: Ready, files: readonly OutputFile[], output: string): string {
  const steps = order.steps.map((step) => [
    `  ${step.step}.`,
    step.action,
    `${step.account}/${subjectOf(step)}`,
  ]);
  const beside = besideIam(graph, new Set(files.map(({ path }) => path.split('/')[0] ?? '')));
  if (steps.length === 0 && beside.length === 0)
    return `Written to ${printable(output)}: nothing to apply.\n`;
  return [
    `Written to ${printable(output)}. Apply in this order:\n`,
    ...order.prerequisites.map((one) => `  0.  ${textOfPrerequisite(one)}\n`),
    columns(steps),
    beside.length === 0 ? '' : `  ${beside.join(',\n  ')}.\n`,
  ].join('');
}

/** What is merged, added and applied, by the folders that were written. */
function besideIam({ clusters }: Ready['graph'], folders: ReadonlySet<string>): readonly string[] {
  const once = [
    [
      '_aws-auth',
      `then merge _aws-auth/*.yaml into each cluster's kube-system/aws-auth: rollcall aws-auth apply`,
    ],
    [
      '_namespaces',
      'then annotate the namespaces of others, by the commands in _namespaces/*.yaml',
    ],
    [
      '_serviceaccounts',
      'then annotate the ServiceAccounts of others, by the commands in _serviceaccounts/*.yaml',
    ],
  ] as const;
  // Hubs last: what they run finds its way open.
  const apply = clusters
    .filter(({ cluster }) => folders.has(cluster.name))
    .sort((a, b) => a.restarts.length - b.restarts.length)
    .map(({ cluster }) => cluster.name);
  return [
    ...once.filter(([folder]) => folders.has(folder)).map(([, step]) => step),
    ...(apply.length === 0 ? [] : [`and apply the folder of each cluster: ${apply.join(', ')}`]),
  ];
}

/** What was generated before and is no more: nothing takes it away by itself, and this is said once. */
function removalList(removed: readonly Removal[]): string {
  if (removed.length === 0) return '';
  return [
    '\nNo longer generated. Take it out by hand where it was applied, in this order:\n',
    columns(removed.map(({ where, what, how }) => [`  - ${where}`, what, how])),
  ].join('');
}
