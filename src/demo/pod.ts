import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiServerAudience } from '../simulator/identity/service-account-tokens.ts';
import { issueServiceAccountToken } from '../simulator/identity/service-account-tokens.ts';
import { webhookEnvironment } from '../simulator/identity/webhook.ts';
import type { World } from '../simulator/load/world.ts';
import type { SimulatedFleet } from './simulated-fleet.ts';

/** The parts of a generated CronJob that a pod of its Jobs is made from. */
interface CronJob {
  readonly kind: 'CronJob';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly template: {
          readonly spec: {
            readonly serviceAccountName: string;
            readonly containers: readonly { readonly args: readonly string[] }[];
            readonly volumes: readonly { readonly configMap: { readonly name: string } }[];
          };
        };
      };
    };
  };
}

/** A container's command line and environment, with its mounted files in a folder of this machine. */
export interface Pod {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly reportFile: string;
}

/**
 * What the CronJob controller, the pod identity webhook and the kubelet make of the generated
 * CronJob: its arguments, the plan from its ConfigMap, the web identity that its ServiceAccount's
 * annotation asks for, and the API token for the run record.
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
  const { serviceAccountName, containers, volumes } = cronJob.spec.jobTemplate.spec.template.spec;
  const folder = join(fleet.folder, name);
  mkdirSync(folder, { recursive: true });
  const file = (base: string, text: string): string => {
    const path = join(folder, base);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  const plan = world.clusters
    .get(hub)
    ?.kube.read('ConfigMap', namespace, volumes[0]?.configMap.name ?? '') as
    { readonly data?: Readonly<Record<string, string>> } | undefined;
  const planFile = file('plan.json', plan?.data?.['plan.json'] ?? '');
  const injected = webhookEnvironment(
    world,
    hub,
    namespace,
    serviceAccountName,
    join(folder, 'web-identity-token'),
  );
  const token = (audience: string, lifetimeSeconds: number): string =>
    issueServiceAccountToken(world, hub, namespace, serviceAccountName, audience, lifetimeSeconds);
  if (injected)
    file('web-identity-token', token(injected.token.audience, injected.token.lifetimeSeconds));
  file('token', token(apiServerAudience, 3600));
  file('ca.crt', servers.apiServerCa(hub));
  const api = new URL(servers.apiServer(hub));
  const reportFile = join(folder, 'report.json');

  return {
    reportFile,
    args: [
      ...(containers[0]?.args ?? []).map((arg) =>
        arg.startsWith('/etc/rollcall/') ? planFile : arg,
      ),
      '--report',
      reportFile,
      '--service-account-dir',
      folder,
      '--termination-log',
      file('termination-log', ''),
    ],
    environment: {
      ...injected?.environment,
      ROLLCALL_JOB_NAME: `${cronJob.metadata.name}-${Math.floor(scheduled / 60_000)}`,
      KUBERNETES_SERVICE_HOST: api.hostname,
      KUBERNETES_SERVICE_PORT: api.port,
      AWS_ENDPOINT_URL_STS: servers.sts,
      AWS_ENDPOINT_URL_EKS: servers.eks,
      NODE_EXTRA_CA_CERTS: file('aws-ca.crt', servers.ca),
    },
  };
}

function findCronJob(
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
