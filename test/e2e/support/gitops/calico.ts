import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/**
 * What plays Calico's repository and chart, which are in no Go module that proxies have: a kind as a
 * file among others, and an operator's chart with an object of that kind, made from its values.
 */
export const installation = { group: 'operator.tigera.io', plural: 'installations' } as const;

/**
 * The file of kinds, and one beside it that nobody asks for.
 *
 * @param more fields that the kind knows besides
 */
export function writeCalicoRepository(folder: string, more: readonly string[] = []): void {
  mkdirSync(join(folder, 'manifests'), { recursive: true });
  const write = (name: string, object: object): void => {
    writeFileSync(join(folder, 'manifests', name), stringify(object));
  };
  const { group, plural } = installation;
  const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const fields = Object.fromEntries(more.map((one) => [one, { type: 'string' }]));
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec, ...fields } } };
  write('v1_crd_projectcalico_org.yaml', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind: 'Installation', plural, singular: 'installation' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  write('calico.yaml', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'not-asked-for', namespace: 'default' },
  });
}

/**
 * @param field that its object has besides: what the kind must know
 * @returns the chart's folder
 */
export function writeOperatorChart(folder: string, field?: string): string {
  const chart = join(folder, 'tigera-operator');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  const about = { apiVersion: 'v2', name: 'tigera-operator', version: '0.0.0' };
  writeFileSync(join(chart, 'Chart.yaml'), stringify(about));
  writeFileSync(
    join(chart, 'templates', 'installation.yaml'),
    `apiVersion: ${installation.group}/v1
kind: Installation
metadata:
  name: default
spec: {{ toJson .Values.installation }}
${field === undefined ? '' : `${field}: new\n`}`,
  );
  return chart;
}
