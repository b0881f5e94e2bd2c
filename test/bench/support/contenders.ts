import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import type { Report } from '../../../jobs/restart/report.ts';
import { binary } from '../../e2e/support/process/binaries.ts';
import { makeRealPod } from '../../e2e/support/fleet/real-pod.ts';
import { namespace, restarts, selector } from './bench-fleet.ts';
import type { Laboratory } from './laboratory.ts';
import { measure, type Measured } from './measure.ts';

/** A way to restart every workload and wait until it is done. */
export interface Contender {
  readonly name: string;
  /** How its User-Agent begins. */
  readonly agent: string;
  /** Once, in a folder of its own. Throws when the workloads are not all restarted by its own account. */
  readonly run: (laboratory: Laboratory, folder: string) => Promise<Measured>;
}

/** The bundled job, as a pod of its CronJob: web identity, role, describe, token, run record. */
const job = (name: string, restart: string): Contender => ({
  name,
  agent: 'rollcall/',
  async run({ fleet, size }, folder) {
    const now = Date.now();
    const pod = await makeRealPod(fleet, { scheduled: now, name: folder, restart });
    const measured = await measure({
      script: 'measured "$@"',
      args: [process.execPath, fleet.bundle, ...pod.args, '--run', formatInstant(now)],
      environment: pod.environment,
      folder: join(fleet.folder, folder),
    });
    requireSuccess(name, measured, join(fleet.folder, folder));
    const { counts } = JSON.parse(readFileSync(pod.reportFile, 'utf8')) as Report;
    if (counts.restarted !== size.workloads)
      throw new Error(`${name}: its report says ${JSON.stringify(counts)}`);
    return measured;
  },
});

/** kubectl as the cluster's admin, with its discovery cache. */
const kubectl = (name: string, script: string): Contender => ({
  name,
  agent: 'kubectl/',
  async run({ fleet, target, names }, folder) {
    const measured = await measure({
      script: `kubectl=$1; shift; ${script}`,
      args: [binary('kubectl'), ...names],
      environment: { KUBECONFIG: target.kubeconfig, HOME: join(fleet.folder, 'kubectl-home') },
      folder: join(fleet.folder, folder),
    });
    requireSuccess(name, measured, join(fleet.folder, folder));
    return measured;
  },
});

const all = `deployment -n ${namespace} -l ${selector.key}=${selector.value}`;
const one = `"deployment/$name" -n ${namespace}`;

/** What the others are compared with. */
export const reference = kubectl(
  'kubectl, batch',
  `measured "$kubectl" rollout restart ${all} && measured "$kubectl" rollout status ${all}`,
);

export const contenders: readonly Contender[] = [
  reference,
  job('job, no limit in its way', restarts.wide),
  job('job, default limits', restarts.byDefault),
  kubectl(
    'kubectl, one by one',
    `for name; do measured "$kubectl" rollout restart ${one} && measured "$kubectl" rollout status ${one} || return 1; done`,
  ),
];

function requireSuccess(name: string, { code }: Measured, folder: string): void {
  if (code === 0) return;
  const [stdout, stderr] = ['stdout', 'stderr'].map((file) =>
    readFileSync(join(folder, file), 'utf8').slice(-2000),
  );
  throw new Error(`${name}: exit ${code}\n${stderr ?? ''}${stdout ?? ''}`);
}
