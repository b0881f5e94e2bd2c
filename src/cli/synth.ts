import { compareAccess } from '../../charts/compare-access.ts';
import { compareUnits, type Change } from '../../charts/compare.ts';
import type { OutputFormat as Form } from '../../charts/output-format.ts';
import { removals, type Removal } from '../../charts/removals.ts';
import type { Output } from '../../charts/output.ts';
import type { OutputRecord } from '../../charts/output-record.ts';
import { renderTree } from '../../charts/render.ts';
import { readOutputRecord, writeOutput } from '../../charts/write.ts';
import { printable } from '../fleet/terminal-text.ts';
import { subjectOf, textOfPrerequisite } from '../iam/apply-order.ts';
import { exitCodes } from './exit-codes.ts';
import { formFor, prepareFile, showFindings, type Ready } from './fleet-file.ts';
import { columns, printData, type CliIo, type OutputFormat } from './io.ts';
import { leftOutText, leftToUser } from './left-out.ts';

export interface SynthOptions {
  /** The folder. */
  readonly output: string;
  /** How to print. */
  readonly format: OutputFormat;
  /** What clusters get. Default: what the folder was written with, else manifests. */
  readonly form?: Form;
  readonly overwriteEdited: boolean;
}

/**
 * `rollcall synth`: everything that the fleet file asks for, written into one folder.
 *
 * @throws UserError when the file can't be read, or the folder not be written
 */
export function runSynth(io: CliIo, file: string, options: SynthOptions): number {
  const { output, format, overwriteEdited } = options;
  const ready = prepareFile(io, file, format);
  if (!ready) return exitCodes.error;
  const before = readOutputRecord(output);
  const tree = renderTree(ready, formFor(options.form, before));
  const changes = compareUnits(before?.units ?? [], tree.units);
  const applyFromEnd = before !== undefined && onlyTakes(before, tree, changes);
  const removed = removals(changes, before?.applied ?? [], ready.fleet.clusters);
  const { missing, edited, remove } = writeOutput(tree, output, { overwriteEdited });
  const paths = tree.files.map(({ path }) => path);
  const left = leftToUser(tree.format, ready, output);
  const data = {
    output,
    format: tree.format,
    files: paths,
    /** No longer generated, and gone from the folder. */
    removedFiles: remove,
    /** Were gone, and are there again. */
    restoredFiles: missing,
    overwrittenFiles: edited,
    apply: ready.order,
    /** What uses an access that goes must go before what allows it. */
    applyFromEnd,
    remove: removed,
    leftOut: left,
    findings: ready.findings,
  };
  printData(io, format, data, () => paths.map((path) => `${path}\n`).join(''));
  if (format === 'table') {
    io.stderr(
      `\n${nextSteps(ready, tree, output, applyFromEnd)}${removalList(removed, before?.format ?? 'manifests')}`,
    );
    io.stderr(formChange(before?.format, tree.format, remove));
    io.stderr(pathList('Were gone, and are written again', missing));
    io.stderr(pathList('Were edited, and are written over', edited));
    io.stderr(leftOutText(tree.format, left));
    showFindings(io, ready, format);
  }
  return exitCodes.ok;
}

/**
 * Access goes, and nothing comes: as when a move of identities closes, or a restart has a workload
 * less. The order for making is then the wrong way round.
 */
function onlyTakes(before: OutputRecord, after: Output, changes: readonly Change[]): boolean {
  const access = compareAccess(before.access, after.access);
  return (
    before.format === after.format &&
    access.removed.length > 0 &&
    access.added.length === 0 &&
    changes.every(({ change }) => change !== 'added')
  );
}

/** Files alone change: what was applied in the old form is there until somebody takes it out. */
const formChange = (before: Form | undefined, after: Form, gone: readonly string[]): string =>
  before === undefined || before === after
    ? ''
    : `\nThe form changes from ${before} to ${after}, and ${gone.length} files are gone: docs/output.md says how clusters follow.\n`;

const pathList = (title: string, paths: readonly string[]): string =>
  paths.length === 0
    ? ''
    : `\n${title}:\n${paths.map((path) => `  - ${printable(path)}\n`).join('')}`;

/** The order in which to apply it: IAM refuses a trust in a role that does not exist. */
function nextSteps(
  { order, graph }: Ready,
  tree: Output,
  output: string,
  fromEnd: boolean,
): string {
  const steps = order.steps.map((step) => [
    `  ${step.step}.`,
    step.action,
    `${step.account}/${subjectOf(step)}`,
  ]);
  const beside = besideIam(graph, tree);
  if (steps.length === 0 && beside.length === 0)
    return `Written to ${printable(output)}: nothing to apply.\n`;
  return [
    `Written to ${printable(output)}. Apply in this order:\n`,
    ...order.prerequisites.map((one) => `  0.  ${textOfPrerequisite(one)}\n`),
    columns(steps),
    beside.length === 0 ? '' : `  ${beside.join(',\n  ')}.\n`,
    fromEnd
      ? 'Nothing is made, and access goes: go through this list from its end, so that nobody loses what he still uses.\n'
      : '',
  ].join('');
}

/** What is merged, added and applied, by the folders that were written. */
function besideIam(
  { clusters, delivery }: Ready['graph'],
  { files, units, format }: Output,
): readonly string[] {
  const folders = new Set(files.map(({ path }) => path.split('/')[0]));
  const withObjects = new Set(
    units.filter(({ what }) => !/^(aws-auth|annotation) /.test(what)).map(({ where }) => where),
  );
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
    .filter(({ cluster }) => withObjects.has(cluster.name))
    .sort((a, b) => a.restarts.length - b.restarts.length)
    .map(({ cluster }) => cluster.name);
  return [
    ...once.filter(([folder]) => folders.has(folder)).map(([, step]) => step),
    ...(apply.length === 0 ? [] : [`${lastStep(format, delivery)}: ${apply.join(', ')}`]),
  ];
}

const commit = 'commit the folder to the repository that each cluster is synchronised with';

/** How clusters get their objects. */
function lastStep(form: Form, { flux }: Ready['graph']['delivery']): string {
  switch (form) {
    case 'manifests':
      return 'and apply the folder of each cluster';
    case 'helm':
      return 'and install the charts of each cluster';
    case 'flux':
      return flux.via.kind === 'helm'
        ? `and push the charts (docs/flux.md), then ${commit}`
        : `and ${commit}`;
    case 'argocd':
      return `and ${commit}`;
    case 'kustomize':
      return 'and apply the overlay of each cluster (kubectl apply -k)';
  }
}

/** Who takes objects out of the clusters, by the form in which they came there. */
function deletedBy(form: Form): string {
  const rest = 'Let runs end before, and take the rest out by hand,';
  switch (form) {
    case 'manifests':
    case 'kustomize':
      return 'Take it out by hand where it was applied,';
    case 'helm':
      return `Helm deletes objects of a chart with its next upgrade. ${rest}`;
    case 'flux':
      return `Flux deletes objects once the folder is committed. ${rest}`;
    case 'argocd':
      return `Argo CD deletes objects once the folder is committed. ${rest}`;
  }
}

/** What was generated before and is no more: nothing takes it away by itself, and this is said once. */
function removalList(removed: readonly Removal[], form: Form): string {
  if (removed.length === 0) return '';
  return [
    `\nNo longer generated. ${deletedBy(form)} in this order:\n`,
    columns(removed.map(({ where, what, how }) => [`  - ${where}`, what, how])),
  ].join('');
}
