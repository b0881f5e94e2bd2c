import { chartDescription, chartName, oldestKubernetes, type ChartNames } from './chart-yaml.ts';
import { textAt, valueAt, type KubeObject } from './json.ts';
import { isHook, objectsOf, type Knob } from './knob.ts';
import { code, markdownTable, prose } from './markdown.ts';
import { before } from './notes.ts';
import type { ChartFile } from './templates.ts';

/**
 * README.md: what `helm show readme` and Artifact Hub show. It does not name its version, which is a
 * digest over it too.
 */
export function readmeFile(
  names: ChartNames,
  objects: readonly KubeObject[],
  knobs: readonly Knob[],
): ChartFile {
  const paragraphs = [
    `# ${prose(chartName(names))}`,
    prose(chartDescription(names)),
    'Rollcall has written this chart from the fleet file. Who may do what is decided there; what is left to choose are [values](#values).',
    '## Before',
    requirements(names, objects).join('\n'),
    '## Install, upgrade, uninstall',
    'In the folder of this file:',
    fenced(commands(names, objects)),
    remarks(objects)
      .map((one) => `- ${one}`)
      .join('\n'),
    '## Values',
    valuesTable(knobs),
  ];
  return { path: 'README.md', text: `${paragraphs.join('\n\n')}\n` };
}

function requirements(names: ChartNames, objects: readonly KubeObject[]): readonly string[] {
  const there = new Set([...namesOf(objects, 'Namespace'), 'default', 'kube-system']);
  const others = objects
    .flatMap((object) => namespaceOf(object) ?? [])
    .filter((name) => !there.has(name));
  return [
    `Kubernetes ${oldestKubernetes(objects)} or later, and Helm 3.17 or later.`,
    ...[...new Set(others)]
      .sort()
      .map(
        (name) =>
          `The namespace ${code(name)} must be there; where another chart of the cluster makes it, install that one first.`,
      ),
    prose(before[names.kind].join(' ')),
  ].map((one) => `- ${one}`);
}

/** Nothing in them is the fleet’s: a name of its could be more than a word to a shell. */
function commands(names: ChartNames, objects: readonly KubeObject[]): readonly string[] {
  const name = `rollcall-${names.kind}`;
  // Not one that the chart makes: Helm would find it there already.
  const isMade = namesOf(objects, 'Namespace').includes('rollcall-system');
  const place = `--namespace ${isMade ? 'default' : 'rollcall-system'}`;
  return [
    `helm upgrade --install ${name} . ${place} --create-namespace --reset-then-reuse-values`,
    ...(objects.some(isHook) ? [`helm test ${name} ${place} --logs`] : []),
    `helm uninstall ${name} ${place}`,
  ];
}

function remarks(objects: readonly KubeObject[]): readonly string[] {
  const made = namesOf(objects, 'Namespace').map(code);
  const kept = Object.entries(keptNames)
    .filter(([kind]) => objectsOf(objects, kind).some((at) => isKept(objects[at])))
    .map(([, name]) => name);
  return [
    'Another name of the release does as well, but each chart of a cluster needs a name of its own: a release that is upgraded with another chart loses the objects of the first.',
    made.length === 0
      ? 'The release may live in any namespace but those that a chart of the cluster makes.'
      : `The release may live in any namespace but those that a chart of the cluster makes, as this one does: ${made.join(', ')}.`,
    'The objects have their own names, whatever the release is called: a cluster can have the chart once. What `kubectl` has made of them before is taken over with `--take-ownership`.',
    ...(objects.some(isHook)
      ? ['`helm test` tries whether it would work, and changes nothing.']
      : []),
    ...(kept.length === 0
      ? []
      : [`\`helm uninstall\` leaves what it would be a loss to delete: ${kept.join(', ')}.`]),
  ];
}

/** What may be kept, by its kind. */
const keptNames = {
  Namespace: 'namespaces',
  ConfigMap: 'run records',
  Lease: 'Leases',
} as const;

const isKept = (object: KubeObject | undefined): boolean =>
  valueAt(object ?? {}, ['metadata', 'annotations', 'helm.sh/resource-policy']) === 'keep';

const namespaceOf = ({ metadata }: KubeObject): string | undefined => {
  const { namespace } = metadata;
  return typeof namespace === 'string' ? namespace : undefined;
};

const namesOf = (objects: readonly KubeObject[], kind: string): readonly string[] =>
  objectsOf(objects, kind).map((at) => textAt(objects[at] ?? {}, ['metadata', 'name']));

/** What values.yaml says too. */
const valuesTable = (knobs: readonly Knob[]): string =>
  markdownTable(
    ['value', 'default', 'meaning'],
    knobs.map(({ path, comment, default: preset }) => [
      code(path.join('.')),
      code(JSON.stringify(preset)),
      prose(comment),
    ]),
  );

const fenced = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');
