import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { restartedAt, runAnnotation } from '../../jobs/restart/kube/observed/common.ts';
import { fieldManager } from '../../jobs/restart/kube/request.ts';
import { ignoredDifferences } from '../../src/argocd/ignored-differences.ts';
import { infrastructureCharts } from '../../src/flux/infrastructure-charts.ts';
import { needs } from '../../src/flux/order.ts';
import { codeBlocks, codeOf, codesOf, readPage, tableUnder } from './markdown.ts';
import { graphOf } from '../delivery/support.ts';
import { exampleText } from '../charts/support/examples.ts';

const page = await readPage('docs/flux.md');
const block = (text: string) => codeBlocks(page, 'yaml').find((one) => one.includes(text)) ?? '';

/** As the job writes them (jobs/restart). */
const stamp = ['spec', 'template', 'metadata', 'annotations', restartedAt];
const run = ['metadata', 'annotations', runAnnotation];

/** RFC 6901. */
const pointer = (path: readonly string[]): string =>
  path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

describe('docs/flux.md', () => {
  it('keeps the stamp out of a HelmRelease’s drift, by JSON pointers', () => {
    const release = parse(block('kind: HelmRelease')) as {
      readonly spec: {
        readonly driftDetection: {
          readonly ignore: readonly { readonly paths: readonly string[] }[];
        };
      };
    };
    expect(release.spec.driftDetection.ignore[0]?.paths).toEqual([pointer(stamp), pointer(run)]);
  });

  it('and out of Argo CD’s, as the ApplicationSet does', () => {
    const application = parse(block('kind: Application')) as {
      readonly spec: { readonly ignoreDifferences: readonly unknown[] };
    };
    const [first] = ignoredDifferences;
    expect(application.spec.ignoreDifferences).toEqual([first]);
    expect(first).toHaveProperty('managedFieldsManagers', [fieldManager]);
    expect(first).toHaveProperty('jqPathExpressions', [
      `.spec.template.metadata.annotations["${stamp.at(-1) ?? ''}"]`,
      `.metadata.annotations["${run.at(-1) ?? ''}"]`,
    ]);
  });

  it('names each infrastructure, its namespace, its charts and their versions', () => {
    const rows = tableUnder(page, 'Infrastructure').map(([name, namespace, charts]) => [
      codeOf(name),
      codeOf(namespace),
      (charts ? codesOf(charts) : []).join(' '),
    ]);
    const known = Object.entries(infrastructureCharts).map(([name, { namespace, charts }]) => [
      name,
      namespace,
      charts.map(({ chart }) => chart).join(' '),
    ]);
    expect(rows).toEqual(known);
    const text = page.nodes.map(({ value = '' }) => value).join(' ');
    for (const { version } of Object.values(infrastructureCharts).flatMap(({ charts }) => charts)) {
      expect(text).toContain(version);
    }
  });

  it('names each Kustomization', () => {
    const named = tableUnder(page, 'Order').map(([first]) => codeOf(first).split('-').at(-1));
    expect(named).toEqual(['<name>', 'rights', ...Object.keys(needs)]);
  });

  it('shows a delivery that a fleet file can have', () => {
    for (const text of codeBlocks(page, 'yaml').filter((one) => one.startsWith('delivery:'))) {
      const labelled = exampleText('seed-000');
      expect(graphOf(`${labelled}\n${text}`).delivery).toBeDefined();
    }
  });
});
