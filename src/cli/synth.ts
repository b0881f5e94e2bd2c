import { compareOutputs } from '../../charts/compare.ts';
import { removals, type Removal } from '../../charts/removals.ts';
import { renderOutput } from '../../charts/render.ts';
import { readOutput, writeOutput } from '../../charts/write.ts';
import type { PodAccess } from '../access/graph.ts';
import { printable } from '../fleet/terminal-text.ts';
import { subjectOf, textOfPrerequisite } from '../iam/apply-order.ts';
import { exitCodes } from './exit-codes.ts';
import { clusterNames, prepareFile, showFindings, type Ready } from './fleet-file.ts';
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
  const removed = removals(compareOutputs(before, files), before, clusterNames(ready));
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
    io.stderr(`\n${nextSteps(ready, options.output)}${removalList(removed)}`);
    showFindings(io, ready, options.format);
  }
  return exitCodes.ok;
}

/** The order in which to apply it: IAM refuses a trust in a role that does not exist. */
function nextSteps({ order, graph }: Ready, output: string): string {
  const steps = order.steps.map((step) => [
    `  ${step.step}.`,
    step.action,
    `${step.account}/${subjectOf(step)}`,
  ]);
  // Hubs last: what they run finds its way open.
  const apply = graph.clusters
    .filter(({ pods, grants, userGrants }) => pods.length + grants.length + userGrants.length > 0)
    .sort((a, b) => a.restarts.length - b.restarts.length)
    .map(({ cluster }) => cluster.name)
    .join(', ');
  if (steps.length === 0 && apply === '')
    return `Written to ${printable(output)}: nothing to apply.\n`;
  return [
    `Written to ${printable(output)}. Apply in this order:\n`,
    ...order.prerequisites.map((one) => `  0.  ${textOfPrerequisite(one)}\n`),
    columns(steps),
    ...waysIn(graph),
    ...(apply === '' ? [] : [`  and apply the folder of each cluster: ${apply}.\n`]),
  ].join('');
}

/** How principals become users of the clusters. */
const waysIn = ({ clusters }: Ready['graph']): readonly string[] => [
  ...(clusters.some(({ mappings }) => mappings.length > 0)
    ? [
        `  then merge _aws-auth/*.yaml into each cluster's kube-system/aws-auth: rollcall aws-auth apply,\n`,
      ]
    : []),
  ...(clusters.some(({ namespaces }) =>
    namespaces.some(({ ownership }) => ownership === 'existing'),
  )
    ? ['  then annotate the namespaces of others, by the commands in _namespaces/*.yaml,\n']
    : []),
  ...(clusters.some(({ pods }) => pods.some(needsAnnotations))
    ? [
        '  then annotate the ServiceAccounts of others, by the commands in _serviceaccounts/*.yaml,\n',
      ]
    : []),
];

const needsAnnotations = ({ serviceAccountOwnership, wiring }: PodAccess): boolean =>
  serviceAccountOwnership === 'existing' &&
  Object.keys(wiring.serviceAccountAnnotations).length > 0;

/** What was generated before and is no more: nothing takes it away by itself, and this is said once. */
function removalList(removed: readonly Removal[]): string {
  if (removed.length === 0) return '';
  return [
    '\nNo longer generated. Take it out by hand where it was applied, in this order:\n',
    columns(removed.map(({ where, what, how }) => [`  - ${where}`, what, how])),
  ].join('');
}
