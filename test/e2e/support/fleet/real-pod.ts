import { join } from 'node:path';
import {
  assemblePod,
  jobNameOf,
  webIdentityTokenIn,
  type CronJob,
  type Pod,
} from '../../../../src/demo/pod.ts';
import { findCronJob } from '../../../../src/demo/simulated-pod.ts';
import { apiServerAudience } from '../../../../src/simulator/identity/service-account-tokens.ts';
import { injectedBy } from '../../../../src/simulator/identity/webhook.ts';
import type { RealFleet } from './real-fleet.ts';

export interface RealPodOptions {
  /** In milliseconds; it stands in the Job's name. */
  readonly scheduled: number;
  /** Its files stand in a folder of that name. */
  readonly name: string;
  /** Default: the fleet's first restart. */
  readonly restart?: string | undefined;
  /** As it stands in the hub. Default: as it was generated. */
  readonly cronJob?: CronJob;
  /** Where the pod finds the hub's API server. Default: where it is. */
  readonly apiServer?: (cluster: string) => { readonly url: string; readonly ca: string };
}

/**
 * A pod of the generated CronJob in the real hub: the plan from the live ConfigMap, the tokens by
 * the TokenRequest API, and what the webhook injects by the live ServiceAccount's annotations.
 */
export async function makeRealPod(fleet: RealFleet, options: RealPodOptions): Promise<Pod> {
  const { scheduled, name, restart } = options;
  const { hub, cronJob: generated } = findCronJob(fleet.world, restart);
  const cronJob = options.cronJob ?? generated;
  const { admin, server } = fleet.cluster(hub);
  const region = fleet.world.clusters.get(hub)?.region ?? '';
  const { serviceAccountName, volumes } = cronJob.spec.jobTemplate.spec.template.spec;
  const inNamespace = `/api/v1/namespaces/${cronJob.metadata.namespace}`;
  const serviceAccount = `${inNamespace}/serviceaccounts/${serviceAccountName}`;
  const token = async (audience: string, expirationSeconds: number): Promise<string> => {
    const { status } = await admin.call<{ readonly status: { readonly token: string } }>(
      `${serviceAccount}/token`,
      { method: 'POST', body: { spec: { audiences: [audience], expirationSeconds } } },
    );
    return status.token;
  };
  const folder = join(fleet.folder, name);
  const { metadata } = await admin.call(serviceAccount);
  const injected = injectedBy(metadata.annotations, region, webIdentityTokenIn(folder));
  const configMap = await admin.call<{ readonly data: Readonly<Record<string, string>> }>(
    `${inNamespace}/configmaps/${volumes[0]?.configMap.name ?? ''}`,
  );
  return assemblePod({
    cronJob,
    folder,
    jobName: jobNameOf(cronJob, scheduled),
    plan: configMap.data['plan.json'] ?? '',
    webIdentity: injected && {
      injected,
      token: await token(injected.token.audience, injected.token.lifetimeSeconds),
    },
    apiToken: await token(apiServerAudience, 3600),
    apiServer: options.apiServer?.(hub) ?? server,
    aws: fleet.aws,
  });
}
