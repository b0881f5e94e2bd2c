import { join } from 'node:path';
import { podEnvironment } from '../simulator/identity/pod-environment.ts';
import type { RunningPod } from '../simulator/identity/running-pod.ts';
import {
  apiServerAudience,
  issueServiceAccountToken,
  uidOf,
} from '../simulator/identity/service-account-tokens.ts';
import type { Injected } from '../simulator/identity/webhook.ts';
import type { World } from '../simulator/load/world.ts';
import { assemblePod, jobNameOf, webIdentityTokenIn, type CronJob, type Pod } from './pod.ts';
import type { SimulatedFleet } from './simulated-fleet.ts';
import { writtenIdentity } from './written-identity.ts';

/**
 * A pod of the generated CronJob in the simulated hub: its arguments, the plan from its ConfigMap, the
 * identity that its template, its ServiceAccount and EKS give it, and the API token for the run record.
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
  const { volumes } = cronJob.spec.jobTemplate.spec.template.spec;
  const folder = join(fleet.folder, name);
  const kube = world.clusters.get(hub)?.kube;
  const planName = volumes[0]?.configMap.name ?? '';
  const plan = kube?.read('ConfigMap', namespace, planName) as
    { readonly data?: Readonly<Record<string, string>> } | undefined;
  const pod = runPod(world, hub, cronJob, name);
  const token = (audience: string, lifetimeSeconds: number): string =>
    issueServiceAccountToken(
      world,
      hub,
      namespace,
      pod.serviceAccount,
      audience,
      lifetimeSeconds,
      pod,
    );
  const injected = identityOf(fleet, hub, cronJob, pod, webIdentityTokenIn(folder));
  return assemblePod({
    cronJob,
    folder,
    jobName: jobNameOf(cronJob, scheduled),
    plan: plan?.data?.['plan.json'] ?? '',
    webIdentity: injected && {
      injected,
      token: token(injected.token.audience, injected.token.lifetimeSeconds),
    },
    metadataService: servers.metadataService(hub, pod),
    apiToken: token(apiServerAudience, 3600),
    apiServer: { url: servers.apiServer(hub), ca: servers.apiServerCa(hub) },
    aws: servers,
  });
}

/** Makes a pod of the CronJob known in its cluster, as agents see it. */
function runPod(world: World, hub: string, cronJob: CronJob, name: string): RunningPod {
  const { namespace } = cronJob.metadata;
  const pod: RunningPod = {
    namespace,
    name,
    uid: uidOf(`${hub}/${namespace}/${name}`),
    serviceAccount: cronJob.spec.jobTemplate.spec.template.spec.serviceAccountName,
    annotations: writtenIdentity(cronJob).annotations,
  };
  world.clusters.get(hub)?.pods.set(`${namespace}/${name}`, pod);
  return pod;
}

/** What the template writes out comes before what EKS would add, as the webhook has it. */
function identityOf(
  { world, servers }: SimulatedFleet,
  hub: string,
  cronJob: CronJob,
  { namespace, serviceAccount }: RunningPod,
  tokenPath: string,
): Injected | undefined {
  const { environment, token } = writtenIdentity(cronJob);
  if (token) {
    const placed = Object.entries(environment).map(([key, value]) => [
      key,
      value === token.path ? tokenPath : value,
    ]);
    return {
      environment: Object.fromEntries(placed) as Readonly<Record<string, string>>,
      token: { ...token, path: tokenPath },
    };
  }
  const podIdentityAgent = servers.podIdentityAgent(hub);
  return podEnvironment(world, hub, namespace, serviceAccount, { tokenPath, podIdentityAgent });
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
