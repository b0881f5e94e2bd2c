import { join } from 'node:path';
import { apiServerAudience } from '../simulator/identity/service-account-tokens.ts';
import { issueServiceAccountToken } from '../simulator/identity/service-account-tokens.ts';
import { webhookEnvironment } from '../simulator/identity/webhook.ts';
import type { World } from '../simulator/load/world.ts';
import { assemblePod, jobNameOf, webIdentityTokenIn, type CronJob, type Pod } from './pod.ts';
import type { SimulatedFleet } from './simulated-fleet.ts';

/**
 * A pod of the generated CronJob in the simulated hub: its arguments, the plan from its ConfigMap,
 * the web identity that its ServiceAccount's annotation asks for, and the API token for the run record.
 *
 * @param scheduled the run's scheduled instant, in milliseconds; it stands in the Job's name
 * @param name of the pod: its files stand in a folder of that name
 * @param restart whose CronJob it is; default: the fleet's first
 */
export function makePod(
  fleet: SimulatedFleet,
  scheduled: number,
  name = 'pod',
  restart?: string,
): Pod {
  const { world, servers } = fleet;
  const { hub, cronJob } = findCronJob(world, restart);
  const { namespace } = cronJob.metadata;
  const { serviceAccountName, volumes } = cronJob.spec.jobTemplate.spec.template.spec;
  const folder = join(fleet.folder, name);
  const plan = world.clusters
    .get(hub)
    ?.kube.read('ConfigMap', namespace, volumes[0]?.configMap.name ?? '') as
    { readonly data?: Readonly<Record<string, string>> } | undefined;
  const tokenPath = webIdentityTokenIn(folder);
  const injected = webhookEnvironment(world, hub, namespace, serviceAccountName, tokenPath);
  const token = (audience: string, lifetimeSeconds: number): string =>
    issueServiceAccountToken(world, hub, namespace, serviceAccountName, audience, lifetimeSeconds);
  return assemblePod({
    cronJob,
    folder,
    jobName: jobNameOf(cronJob, scheduled),
    plan: plan?.data?.['plan.json'] ?? '',
    webIdentity: injected && {
      injected,
      token: token(injected.token.audience, injected.token.lifetimeSeconds),
    },
    apiToken: token(apiServerAudience, 3600),
    apiServer: { url: servers.apiServer(hub), ca: servers.apiServerCa(hub) },
    aws: servers,
  });
}

/** The generated CronJob of a restart, and the hub that it stands in. Throws when there is none. */
export function findCronJob(
  world: World,
  restart: string | undefined,
): { readonly hub: string; readonly cronJob: CronJob } {
  for (const { name, manifests } of world.clusters.values()) {
    const cronJob = manifests.find(
      ({ kind, metadata }) =>
        kind === 'CronJob' && (restart === undefined || metadata.name === restart),
    );
    if (cronJob) return { hub: name, cronJob: cronJob as unknown as CronJob };
  }
  throw new Error(`the fleet has no restart ${restart ?? ''}: nothing to run`);
}
