import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { isSchedule, isTimeZone } from '../../src/form/schedule.ts';
import { helmChart, type HelmChartProps } from '../../src/helm/chart.ts';
import { annotations, labels, schedule, timeZone } from '../../src/helm/forms.ts';
import {
  textAt,
  valueAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../src/helm/json.ts';
import { isHook } from '../../src/helm/knob.ts';
import { chartObjects } from '../../src/helm/chart.ts';
import { tableOf } from '../../src/helm/table.ts';
import { allHelmProps } from './support/props.ts';

const charts = allHelmProps();
const named = charts.map((props) => [`${props.cluster} ${props.kind}`, props] as const);
const fileOf = (props: HelmChartProps, path: string): string =>
  helmChart(props).files.find((file) => file.path === path)?.text ?? '';

/** Every path of a tree of maps that leads to something else. */
const pathsOf = (value: Json, path: readonly string[], isLeaf: (path: string) => boolean) => {
  const paths: string[] = [];
  const visit = (at: Json, own: readonly string[]): void => {
    if (isLeaf(own.join('.')) || typeof at !== 'object' || at === null) paths.push(own.join('.'));
    else for (const [key, inner] of Object.entries(at)) visit(inner, [...own, key]);
  };
  visit(value, path);
  return paths;
};

describe.each(named)('%s', (_, props) => {
  const { knobs } = tableOf(props.kind, chartObjects(props));
  const names = knobs.map(({ path }) => path.join('.'));

  it('values.yaml has each value of the table once, with its default and its sentence', () => {
    const text = fileOf(props, 'values.yaml');
    const values = parse(text) as JsonObject;
    expect(new Set(names).size).toBe(names.length);
    expect(pathsOf(values, [], (path) => names.includes(path))).toEqual(names);
    for (const knob of knobs) expect(valueAt(values, knob.path)).toEqual(knob.default);
    expect(text.match(/^ *# -- /gm)).toHaveLength(knobs.length);
  });

  it('values.schema.json knows these values, and no others', () => {
    const schema = JSON.parse(fileOf(props, 'values.schema.json')) as JsonObject;
    const found: string[] = [];
    const visit = (at: JsonObject, path: readonly string[]): void => {
      expect(at).toMatchObject({ description: expect.stringMatching(/\.$/) });
      if (names.includes(path.join('.'))) {
        found.push(path.join('.'));
        return;
      }
      expect(at).toMatchObject({ type: 'object', additionalProperties: false });
      const properties = at['properties'] as Readonly<Record<string, JsonObject>>;
      expect(at['required']).toEqual(Object.keys(properties).filter((key) => key !== 'global'));
      for (const [key, inner] of Object.entries(properties)) {
        if (key !== 'global') visit(inner, [...path, key]);
      }
    };
    visit({ description: '.', ...schema }, []);
    expect(found).toEqual(names);
  });

  it('no value is at two places at odds with another, or changes nothing', () => {
    const takenBy = new Map<string, string>();
    for (const { path, places } of knobs) {
      expect(places.length).toBeGreaterThan(0);
      for (const place of places) {
        if (place.kind !== 'value' && place.kind !== 'optional') continue;
        const at = `${place.object} ${place.path.join('.')}`;
        const value = place.kind === 'value' && place.expression ? 'shared' : path.join('.');
        expect([at, takenBy.get(at) ?? value]).toEqual([at, value]);
        takenBy.set(at, value);
      }
    }
  });

  it('has the same content for the same objects', () => {
    expect(helmChart(props)).toEqual(helmChart(structuredClone(props)));
  });
});

describe('keys that users may not have', () => {
  const refuses = (form: { readonly schema: JsonObject }, key: string): boolean =>
    Object.entries(form.schema['patternProperties'] as JsonObject).some(
      ([pattern, value]) => value === false && new RegExp(pattern).test(key),
    );
  const keysIn = (part: 'labels' | 'annotations'): readonly string[] => {
    const found = new Set<string>();
    const visit = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries<Json>(value as JsonObject)) {
        const isOurs = key === part || (part === 'labels' && key === 'matchLabels');
        if (isOurs) for (const own of Object.keys(inner ?? {})) found.add(own);
        visit(inner);
      }
    };
    for (const { objects, checks } of charts) [...objects, ...checks].forEach(visit);
    return [...found];
  };

  it('are among them all labels of ours, and all that our selectors use but for the cluster’s DNS', () => {
    const own = keysIn('labels').filter((key) => key !== 'k8s-app');
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((key) => !refuses(labels(), key))).toEqual([]);
  });

  it('are among them all annotations of ours', () => {
    const own = keysIn('annotations');
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((key) => !refuses(annotations(), key))).toEqual([]);
  });

  it('are not those that people use', () => {
    for (const key of [
      'team',
      'example.com/team',
      'eks.amazonaws.com.example.com/x',
      'helm.shop/x',
    ])
      expect([key, refuses(labels(), key)]).toEqual([key, false]);
    for (const key of [
      'cluster-autoscaler.kubernetes.io/safe-to-evict',
      'argoproj.io.example.com/x',
      'io.kubernetes.example.com/cri-o',
    ])
      expect([key, refuses(annotations(), key)]).toEqual([key, false]);
  });
});

describe('what the fleet file takes, the schema takes', () => {
  const matches = (form: { readonly schema: JsonObject }, text: string): boolean =>
    new RegExp(textAt(form.schema, ['pattern'])).test(text);
  const schedules = [
    ...[
      '* * * * *',
      '15 2 * * 1',
      '0,30 */2 1-15 jan-mar MON-fri',
      '00 07 01 12 0',
      '5-55/10 * * * *',
    ],
    ...['0 0 29 2 *', '59 23 31 12 sat', '*/59 * * * *', '1  2   3 4 5', '0-59/5,7 0 * JAN,Feb 6'],
  ];

  it.each(schedules)('%s', (text) => {
    expect([isSchedule(text), matches(schedule, text)]).toEqual([true, true]);
  });

  it.each(schedule.refused.map(String))('and not %s', (text) => {
    expect(isSchedule(text)).toBe(false);
  });

  it('every time zone that there is', () => {
    const zones = [...Intl.supportedValuesOf('timeZone'), 'Etc/UTC', 'Etc/GMT+12', 'Etc/GMT-14'];
    expect(zones.filter((zone) => !isTimeZone(zone) || !matches(timeZone, zone))).toEqual([]);
  });
});

describe('a test', () => {
  const hubs = charts.filter(({ kind }) => kind === 'hub');

  it('is the job of each restart, as its CronJob runs it, that changes nothing', () => {
    const jobs = hubs.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'CronJob'));
    const pods = hubs
      .flatMap(chartObjects)
      .filter(({ metadata }) => metadata.name.endsWith('-dry-run'));
    expect(pods.length).toBe(jobs.length);
    pods.forEach((pod, index) => {
      const job = jobs[index] as KubeObject;
      const template = valueAt(job, ['spec', 'jobTemplate', 'spec', 'template']) as JsonObject;
      const spec = template['spec'] as JsonObject & { readonly containers: readonly JsonObject[] };
      const [container] = spec.containers;
      const { activeDeadlineSeconds, ...own } = pod['spec'] as JsonObject;
      expect(activeDeadlineSeconds).toBeGreaterThan(0);
      expect(own).toEqual({
        ...spec,
        containers: [{ ...container, args: [...(container?.['args'] as string[]), '--dry-run'] }],
      });
      // By which the restart's NetworkPolicy finds it.
      expect(pod.metadata.labels).toEqual(valueAt(template, ['metadata', 'labels']));
      expect(pod.metadata).toMatchObject({
        namespace: job.metadata['namespace'],
        annotations: { ...(valueAt(template, ['metadata', 'annotations']) as object | undefined) },
      });
    });
  });

  it('is a hook, and so are the pods that list a bucket', () => {
    const pods = hubs.flatMap(chartObjects).filter(({ kind }) => kind === 'Pod');
    expect(pods.some(({ metadata }) => metadata.name.endsWith('-s3-check'))).toBe(true);
    for (const pod of pods) {
      expect(isHook(pod)).toBe(true);
      expect(pod.metadata).toMatchObject({
        annotations: {
          'helm.sh/hook': 'test',
          'helm.sh/hook-delete-policy': 'before-hook-creation',
        },
      });
    }
  });
});
