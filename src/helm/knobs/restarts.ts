import { nameOrNone, nodeLabels, schedule, timeZone, truth, whole } from '../forms.ts';
import { affinity, environment, tolerations } from '../forms-of-pods.ts';
import { valueAt, type KubeObject, type Path } from '../json.ts';
import { labelOf, objectsOf, standing, type At, type Knob, type Table } from '../knob.ts';
import { podTemplate } from '../test-pods.ts';
import {
  asOptional,
  asValue,
  imageTable,
  inContainer,
  inSpec,
  podKnobs,
  pullKnobs,
  type Pods,
} from './pods.ts';

/** A hub's restarts: the CronJobs, and the pods that test them. */
export function restartsTable(objects: readonly KubeObject[]): Table {
  const jobs = objectsOf(objects, 'CronJob');
  if (jobs.length === 0) return { groups: [], knobs: [] };
  const tests = objectsOf(objects, 'Pod', 'restart');
  const pods: Pods = {
    objects,
    templates: [
      ...jobs.map((object) => ({ object, path: podTemplate })),
      ...tests.map((object) => ({ object, path: [] })),
    ],
  };
  const image = imageTable(pods, ['image'], 'the job', 'hub');
  const names = jobs.map((object) => labelOf(objects[object] as KubeObject, 'instance'));
  return {
    groups: [
      ...image.groups,
      { path: ['restarts'], comment: 'When each restart runs.' },
      ...names.map((name) => ({ path: ['restarts', name], comment: `The restart ${name}.` })),
    ],
    knobs: [
      ...jobs.flatMap((object, index) => scheduleKnobs(objects, object, names[index] ?? '')),
      ...image.knobs,
      ...pullKnobs(pods),
      ...podKnobs(pods),
      ...placementKnobs(pods),
      ...runKnobs(objects, jobs),
      graceKnob(pods),
    ],
  };
}

function scheduleKnobs(
  objects: readonly KubeObject[],
  object: number,
  name: string,
): readonly Knob[] {
  const each = (key: string, comment: string) => ({
    path: ['restarts', name, key],
    each: 'restart' as const,
    comment,
    ofFleet: true as const,
    ...asValue(objects, [{ object, path: ['spec', key] }], 'inline'),
  });
  const suspend = each('suspend', 'Whether no run is begun. Runs under way go on.');
  return [
    { ...each('schedule', 'Five cron fields.'), form: schedule },
    { ...each('timeZone', 'IANA name of the time zone that the schedule is in.'), form: timeZone },
    { ...suspend, form: truth(suspend.default) },
  ];
}

const placementKnobs = (pods: Pods): readonly Knob[] => [
  {
    path: ['nodeSelector'],
    comment: 'Labels of the nodes that the pods run on.',
    ...asOptional(pods.objects, inSpec(pods, 'nodeSelector'), {}),
    form: nodeLabels([]),
  },
  {
    path: ['tolerations'],
    comment: 'Taints that the pods tolerate.',
    ...asOptional(pods.objects, inSpec(pods, 'tolerations'), []),
    form: tolerations,
  },
  {
    path: ['affinity'],
    comment: 'The pods’ affinity.',
    ...asOptional(pods.objects, inSpec(pods, 'affinity'), {}),
    form: affinity,
  },
  {
    path: ['runtimeClassName'],
    comment: 'The pods’ RuntimeClass.',
    ...asOptional(pods.objects, inSpec(pods, 'runtimeClassName'), ''),
    form: nameOrNone('gvisor'),
  },
  {
    path: ['extraEnv'],
    comment:
      'Environment variables for the job besides its own, as plain text: a job reads no Secret. Refused are those that say who it is, or whom it trusts (`AWS_…`, `NODE_…`, …).',
    default: [],
    form: environment,
    places: inContainer(pods, 'env').map((at) => ({ ...at, kind: 'items' })),
  },
];

function runKnobs(objects: readonly KubeObject[], jobs: readonly number[]): readonly Knob[] {
  const at = (...path: Path): readonly At[] => jobs.map((object) => ({ object, path }));
  const knob = (name: string, comment: string, places: readonly At[]) => ({
    path: [name],
    comment,
    ...asValue(objects, places, 'inline'),
  });
  return [
    {
      ...knob(
        'startingDeadlineSeconds',
        'How late a run may still begin. Under 10 it would never run.',
        at('spec', 'startingDeadlineSeconds'),
      ),
      form: whole(10, 86_400, 600),
    },
    {
      ...knob(
        'backoffLimit',
        'Retries of a pod that failed by something that may pass.',
        at('spec', 'jobTemplate', 'spec', 'backoffLimit'),
      ),
      form: whole(0, 20, 2),
    },
    {
      ...knob(
        'successfulJobsHistoryLimit',
        'Jobs that are kept after they ended well.',
        at('spec', 'successfulJobsHistoryLimit'),
      ),
      form: whole(0, 100, 5),
    },
    {
      ...knob(
        'failedJobsHistoryLimit',
        'Jobs that are kept after they failed.',
        at('spec', 'failedJobsHistoryLimit'),
      ),
      form: whole(0, 100, 5),
    },
  ];
}

const graceFlag = '--grace-seconds';

/** The job's own argument follows the pod's time, with the same seconds left for its report. */
function graceKnob(pods: Pods): Knob {
  const { objects } = pods;
  const time = inSpec(pods, 'terminationGracePeriodSeconds');
  const [first] = inContainer(pods, 'args');
  const args = first && valueAt(objects[first.object] ?? {}, first.path);
  const index = Array.isArray(args) ? args.indexOf(graceFlag) + 1 : 0;
  if (index === 0) throw new Error(`the job has no ${graceFlag}`);
  const argument = inContainer(pods, 'args', index);
  const left = Number(standing(objects, time)) - Number(standing(objects, argument));
  const name = 'terminationGracePeriodSeconds';
  return {
    path: [name],
    comment: `How long rollouts under way are awaited when a pod is told to end, and ${left} seconds for its report.`,
    default: standing(objects, time),
    form: whole(left, 3600, 300),
    places: [
      ...time.map((at) => ({ ...at, kind: 'value' as const, style: 'inline' as const })),
      ...argument.map((at) => ({
        ...at,
        kind: 'value' as const,
        style: 'inline' as const,
        expression: `sub (int .Values.${name}) ${left} | toString`,
      })),
    ],
  };
}
