import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { product } from '../names/product.ts';
import { textAt, valueAt, type Json, type KubeObject } from './json.ts';
import { objectsOf } from './knob.ts';
import type { HelmChartKind } from './table.ts';
import type { ChartFile } from './templates.ts';
import { podTemplate } from './test-pods.ts';

export interface ChartNames {
  readonly fleet: string;
  readonly cluster: string;
  readonly kind: HelmChartKind;
}

/**
 * Fleet and cluster are in it: of two charts that are pushed to one registry, only the name keeps them
 * apart.
 */
export const chartName = ({ fleet, cluster, kind }: ChartNames): string =>
  `${fleet}-${cluster}-${kind}`;

/** What Chart.yaml says. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
}

/**
 * What Chart.yaml says. The version is the product's, with a digest over all that is in the chart:
 * equal content has one version, and other content another.
 */
export function chartMetadata(
  names: ChartNames,
  objects: readonly KubeObject[],
  files: readonly ChartFile[],
): ChartMetadata {
  const chart = {
    apiVersion: 'v2',
    name: chartName(names),
    description: chartDescription(names),
    type: 'application',
    version: product.version,
    appVersion: product.version,
    kubeVersion: `>=${oldestKubernetes(objects)}.0-0`,
    keywords: ['eks', 'iam', 'rollcall'],
    annotations: {
      'artifacthub.io/category': 'security',
      'artifacthub.io/license': 'Apache-2.0',
      'artifacthub.io/operator': 'false',
      'artifacthub.io/prerelease': String(/^0\.|-/.test(product.version)),
      ...imagesAnnotation(objects),
    },
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([chart, files]))
    .digest('hex');
  const version = `${product.version}+${digest.slice(0, 12)}`;
  return { ...chart, version };
}

export const chartYaml = (metadata: ChartMetadata): ChartFile => ({
  path: 'Chart.yaml',
  text: yaml(metadata),
});

/** What it is, and of which cluster and fleet. */
export const chartDescription = (names: ChartNames): string => descriptions[names.kind](names);

const descriptions: Readonly<Record<HelmChartKind, (names: ChartNames) => string>> = {
  hub: ({ fleet, cluster }) =>
    `What the cluster ${cluster} of the fleet ${fleet} has as a hub: identities of services, and the restarts that they run.`,
  target: ({ fleet, cluster }) =>
    `What the cluster ${cluster} of the fleet ${fleet} has as a target: rights of restarts and of people.`,
  kiam: ({ fleet, cluster }) => `kiam in the cluster ${cluster} of the fleet ${fleet}.`,
  kube2iam: ({ fleet, cluster }) => `kube2iam in the cluster ${cluster} of the fleet ${fleet}.`,
};

/**
 * A CronJob's `timeZone` is there from 1.27, and the labels of Pod Security mean something from 1.25
 * (kubernetes.io, "CronJob", "Pod Security Admission").
 */
export const oldestKubernetes = (objects: readonly KubeObject[]): string =>
  objectsOf(objects, 'CronJob').length > 0 ? '1.27' : '1.25';

/** Which images Artifact Hub looks through (artifacthub.io, "Artifact Hub Helm annotations"). */
function imagesAnnotation(objects: readonly KubeObject[]): Readonly<Record<string, string>> {
  const images = new Map(
    objects.flatMap(podSpecOf).flatMap((spec) => {
      const container = valueAt(spec, ['containers', 0]) ?? null;
      return [[textAt(container, ['image']), textAt(container, ['name'])] as const];
    }),
  );
  return images.size === 0
    ? {}
    : { 'artifacthub.io/images': yaml([...images].map(([image, name]) => ({ name, image }))) };
}

const podSpecOf = (object: KubeObject): readonly Json[] =>
  [['spec'], ['spec', 'template', 'spec'], [...podTemplate, 'spec']].flatMap((path) => {
    const spec = valueAt(object, path);
    return spec !== undefined && valueAt(spec, ['containers']) !== undefined ? [spec] : [];
  });

const yaml = (value: unknown): string =>
  stringify(value, { version: '1.1', compat: 'core', lineWidth: 0 });
