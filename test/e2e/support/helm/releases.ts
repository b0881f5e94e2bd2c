import { dirname } from 'node:path';
import { expect } from '@jest/globals';
import type { Json, KubeObject } from '../../../../src/helm/json.ts';
import { exampleText, type Example } from '../../../charts/support/examples.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import type { CommandEnd } from '../process/command.ts';
import { idOf, writeCharts, type WrittenChart } from './charts.ts';
import { helm, type HelmProgram } from './helm.ts';

/** No chart makes this namespace, so releases can live in it. */
export const home = 'rollcall-system';

export const install = ({ folder }: WrittenChart, ...more: readonly string[]) => [
  ...['install', 'ours', folder, '--create-namespace', '--values', '-'],
  ...more,
];
export const upgrade = ({ folder }: WrittenChart, ...more: readonly string[]) => [
  ...['upgrade', 'ours', folder, '--values', '-'],
  ...more,
];

/** A chart of an example, `<cluster>/<kind>`, written below a folder. */
export function chartOf(example: Example, title: string, folder: string): WrittenChart {
  const charts = writeCharts(example, exampleText(example), folder);
  const chart = charts.find((one) => one.title === `${example}/${title}`);
  if (chart) return chart;
  throw new Error(`${example} has no chart ${title}`);
}

/** Releases on a real cluster, by its admin. */
export class Releases {
  readonly #cluster: RealCluster;
  /** Which Helm is called. */
  program: HelmProgram = 'helm';

  constructor(cluster: RealCluster) {
    this.#cluster = cluster;
  }

  /** Whatever the exit code. */
  run(args: readonly string[], values: Json = {}): Promise<CommandEnd> {
    const { kubeconfig } = this.#cluster;
    return helm([...args, '--kubeconfig', kubeconfig, '--namespace', home], {
      input: JSON.stringify(values),
      environment: { HOME: dirname(kubeconfig) },
      program: this.program,
    });
  }

  /** What it says. It must end well, and warn of nothing. */
  async must(args: readonly string[], values: Json = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, values);
    expect([this.program, args, code, stderr]).toEqual([this.program, args, 0, '']);
    return stdout;
  }

  /** An object as it is there. */
  async live(object: KubeObject): Promise<KubeObject> {
    return JSON.parse(await this.#kubectl('get', object, ['-o', 'json'])) as KubeObject;
  }

  /** Ids of what there is of a chart's objects, hooks too. */
  async left({ objects }: WrittenChart): Promise<readonly string[]> {
    const found = await Promise.all(
      objects.map(async (object) => {
        const text = await this.#kubectl('get', object, ['--ignore-not-found', '-o', 'name']);
        return text === '' ? [] : [idOf(object)];
      }),
    );
    return found.flat().sort();
  }

  /** What an uninstalled release leaves, too. */
  async removeAll(chart: WrittenChart): Promise<void> {
    await this.run(['uninstall', 'ours', '--ignore-not-found']);
    for (const object of chart.objects) {
      await this.#kubectl('delete', object, ['--ignore-not-found']);
    }
  }

  #kubectl(verb: 'get' | 'delete', { kind, metadata }: KubeObject, more: readonly string[]) {
    const namespace = metadata['namespace'];
    const where = typeof namespace === 'string' ? ['--namespace', namespace] : [];
    return this.#cluster.mustKubectl([verb, kind, metadata.name, ...where, ...more]);
  }
}
