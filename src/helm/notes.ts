import { literalText, valueExpression } from './expression.ts';
import { textAt, type KubeObject } from './json.ts';
import { isHook, labelOf, objectsOf, type Knob } from './knob.ts';
import { chartName, type ChartNames } from './chart-yaml.ts';
import type { ChartFile } from './templates.ts';

/** NOTES.txt: what a release shows when it is installed. */
export function notesFile(
  names: ChartNames,
  objects: readonly KubeObject[],
  knobs: readonly Knob[],
): ChartFile {
  const paragraphs = [
    [literalText(`${chartName(names)}: ${whatItIs[names.kind]}`)],
    ...restartsNote(objects),
    ...testsNote(objects, knobs),
    before[names.kind].map(literalText),
  ];
  const text = paragraphs.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n');
  return { path: 'templates/NOTES.txt', text };
}

const whatItIs = {
  hub: 'identities of services, and the restarts that they run.',
  target: 'rights of restarts and of people. They take effect at once.',
  kiam: 'kiam, which gives pods their AWS roles.',
  kube2iam: 'kube2iam, which gives pods their AWS roles.',
} as const;

/** What the chart can't apply. */
export const before = {
  hub: [
    'It takes effect when IAM has been told too: the roles and policies of `_iam` or of another form,',
    'the rights in the target clusters (their charts), and their `_aws-auth` or access entries.',
  ],
  target: [
    'Who comes in is decided outside of it: by the entries of `_aws-auth`, which',
    '`rollcall aws-auth apply` merges, or by access entries in EKS.',
  ],
  kiam: [
    'cert-manager v1 must be there: it makes the certificates. The roles of kiam’s server and of its',
    'nodes are in `_iam`.',
  ],
  kube2iam: ['The statements that the nodes’ roles need are in `_iam`.'],
} as const;

function restartsNote(objects: readonly KubeObject[]): readonly (readonly string[])[] {
  const jobs = objectsOf(objects, 'CronJob').map((index) => objects[index] as KubeObject);
  if (jobs.length === 0) return [];
  const lines = jobs.map((job) => {
    const restart = labelOf(job, 'instance');
    const value = (key: string) => `{{ ${valueExpression(['restarts', restart, key])} }}`;
    const suspended = `{{ if ${valueExpression(['restarts', restart, 'suspend'])} }}, suspended{{ end }}`;
    return `  ${literalText(restart)}: ${value('schedule')} (${value('timeZone')})${suspended}`;
  });
  const namespaces = [...new Set(jobs.map((job) => textAt(job, ['metadata', 'namespace'])))];
  return [
    ['Restarts:', ...lines],
    [
      'Their runs:',
      ...namespaces.map((name) => literalText(`  kubectl get cronjobs,jobs --namespace ${name}`)),
    ],
  ];
}

function testsNote(
  objects: readonly KubeObject[],
  knobs: readonly Knob[],
): readonly (readonly string[])[] {
  const hasSwitch = knobs.some(({ path }) => path.join('.') === 'tests.enabled');
  if (!hasSwitch || !objects.some(isHook)) return [];
  return [
    [
      '{{ if .Values.tests.enabled -}}',
      'To see whether it would work, without changing anything:',
      '  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}',
      '{{- end }}',
    ],
  ];
}
