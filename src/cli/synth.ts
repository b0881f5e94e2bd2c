import { compareUnits } from '../../charts/compare.ts';
import type { OutputFormat as Form } from '../../charts/output-format.ts';
import { removals, type Removal } from '../../charts/removals.ts';
import type { Output } from '../../charts/output.ts';
import { renderTree } from '../../charts/render.ts';
import { readOutputRecord, writeOutput } from '../../charts/write.ts';
import { inRepository } from '../delivery/names.ts';
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
    remove: removed,
    leftOut: left,
    findings: ready.findings,
  };
  printData(io, format, data, () => paths.map((path) => `${path}\n`).join(''));
  if (format === 'table') {
    io.stderr(
      `\n${nextSteps(ready, tree, output)}${removalList(removed, before?.format ?? 'manifests')}`,
    );
    io.stderr(formChange(before?.format, tree.format, remove));
    io.stderr(pathList('Were gone, and are written again', missing));
    io.stderr(pathList('Were edited, and are written over', edited));
    io.stderr(leftOutText(tree.format, left));
    showFindings(io, ready, format);
  }
  return exitCodes.ok;
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
function nextSteps({ order, graph }: Ready, tree: Output, output: string): string {
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
      `then merge _aws-auth/*.yaml into each cluster's kube-system/aws-auth: rollcall aws-auth apply --cluster NAME`,
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
    ...(format === 'flux' ? keyStep(delivery) : []),
    ...(apply.length === 0 ? [] : [`${lastStep(format, delivery)}: ${apply.join(', ')}`]),
  ];
}

/** No key stands in the output: Flux finds it where the output says. */
const keyStep = ({ git, flux }: Ready['graph']['delivery']): readonly string[] =>
  git?.secret === undefined
    ? []
    : [
        `then make the Secret ${git.secret} in the namespace ${flux.source.namespace} of each cluster, with a read-only key (docs/flux.md)`,
      ];

/** How clusters get their objects. */
function lastStep(form: Form, { path, git, flux, argocd }: Ready['graph']['delivery']): string {
  const repository = git?.url ?? 'the repository';
  const commit =
    path === ''
      ? `commit what is in the folder to the root of ${repository} (or say where it lies: delivery.path)`
      : `commit the folder as ${path} in ${repository}`;
  switch (form) {
    case 'manifests':
      return 'and apply the folder of each cluster (kubectl apply --server-side -f FOLDER)';
    case 'helm':
      return 'and install the charts of each cluster (docs/helm.md)';
    case 'flux':
      return [
        'and ',
        flux.via.kind === 'helm' ? 'push the charts (docs/flux.md), then ' : '',
        `${commit}; of each cluster Flux applies ${inRepository(path, 'clusters/NAME')}`,
      ].join('');
    case 'argocd':
      return `and ${commit}, then apply its argocd/ where Argo CD runs, in the namespace ${argocd.namespace}; it applies to`;
    case 'kustomize':
      return 'and apply the overlay of each cluster (kubectl apply --server-side -k FOLDER)';
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
