import { summarise, type Change } from '../../charts/compare.ts';
import { stepChanges } from '../../charts/step-changes.ts';
import type { OutputFormat as Form } from '../../charts/output-format.ts';
import type { Output } from '../../charts/output.ts';
import { inRepository } from '../delivery/names.ts';
import { printable } from '../fleet/terminal-text.ts';
import { subjectOf, textOfPrerequisite } from '../iam/apply-order.ts';
import { signs } from './change-tables.ts';
import type { Ready } from './fleet-file.ts';
import { columns } from './io.ts';

interface Written {
  /** The folder. */
  readonly output: string;
  /** Since the folder was last written; absent where it never was. */
  readonly changes?: readonly Change[];
}

/**
 * The order in which to apply it: IAM refuses a trust in a role that does not exist. All of it is
 * said each time, since nobody knows here what has been applied; what differs since is marked.
 */
export function nextSteps(
  { order, graph }: Ready,
  tree: Output,
  { output, changes }: Written,
): string {
  const touched = changes ?? [];
  const changeOf = stepChanges(touched);
  const mark = (change: keyof typeof signs | undefined): string => {
    if (touched.length === 0) return '';
    return change ? `${signs[change].sign} ` : '  ';
  };
  const steps = order.steps.map((step) => [
    `  ${mark(changeOf(step))}${step.step}.`,
    step.action,
    `${step.account}/${subjectOf(step)}`,
  ]);
  const beside = besideIam(graph, tree, touched);
  if (steps.length === 0 && beside.length === 0)
    return `Written to ${printable(output)}: nothing to apply.\n`;
  return [
    `Written to ${printable(output)}. ${sinceBefore(changes)}Apply in this order${touched.length === 0 ? '' : ' (+ new, ~ changed)'}:\n`,
    ...order.prerequisites.map((one) => `  ${mark(undefined)}0.  ${textOfPrerequisite(one)}\n`),
    columns(steps),
    beside.length === 0 ? '' : `  ${beside.join(',\n  ')}.\n`,
  ].join('');
}

/** Of what is asked for, whatever the form. */
function sinceBefore(changes: readonly Change[] | undefined): string {
  if (changes === undefined) return '';
  if (changes.length === 0) return 'It asks for nothing new since the last time. ';
  const { added, changed, removed } = summarise(changes);
  return `Since the last time: ${added} new, ${changed} changed, ${removed} gone. `;
}

/** Merged into what others have, a command or an entry at a time. */
const isMerged = ({ what }: Pick<Change, 'what'>): boolean =>
  /^(?:aws-auth|annotation) /.test(what);

/** What is merged, added and applied, by the folders that were written. */
function besideIam(
  { clusters, delivery }: Ready['graph'],
  { files, units, format }: Output,
  touched: readonly Change[],
): readonly string[] {
  const folders = new Set(files.map(({ path }) => path.split('/')[0]));
  const objects = units.filter((one) => !isMerged(one));
  const withObjects = new Set(objects.map(({ where }) => where));
  const once = [
    [
      '_aws-auth',
      /^aws-auth /,
      `then merge _aws-auth/*.yaml into each cluster's kube-system/aws-auth: rollcall aws-auth apply --cluster NAME`,
    ],
    [
      '_namespaces',
      /^annotation .* of Namespace /,
      'then annotate the namespaces of others, by the commands in _namespaces/*.yaml',
    ],
    [
      '_serviceaccounts',
      /^annotation .* of ServiceAccount /,
      'then annotate the ServiceAccounts of others, by the commands in _serviceaccounts/*.yaml',
    ],
  ] as const;
  const clustersOf = (pattern: RegExp): string => {
    const found = new Set(touched.flatMap(({ where, what }) => (pattern.test(what) ? where : [])));
    return found.size === 0 ? '' : ` (~ ${[...found].join(', ')})`;
  };
  const changed = touched.filter((one) => !isMerged(one));
  const markOf = (name: string): string => {
    const own = changed.filter(({ where }) => where === name);
    if (own.length === 0) return '';
    const added = own.filter(({ change }) => change === 'added').length;
    return objects.filter(({ where }) => where === name).length === added ? ' (+)' : ' (~)';
  };
  // Hubs last: what they run finds its way open.
  const apply = clusters
    .filter(({ cluster }) => withObjects.has(cluster.name))
    .sort((a, b) => a.restarts.length - b.restarts.length)
    .map(({ cluster: { name } }) => `${name}${markOf(name)}`);
  return [
    ...once
      .filter(([folder]) => folders.has(folder))
      .map(([, pattern, step]) => `${step}${clustersOf(pattern)}`),
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
