import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Injected } from '../simulator/identity/webhook.ts';
import type { AwsServers } from '../simulator/servers/start.ts';

/** The parts of a generated CronJob that a pod of its Jobs is made from. */
export interface CronJob {
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

/** What the CronJob controller, the pod identity webhook and the kubelet bring together. */
export interface PodParts {
  readonly cronJob: CronJob;
  /** Where its files go; made if need be. */
  readonly folder: string;
  /** Of the Job: it ends in the scheduled minute. */
  readonly jobName: string;
  /** The text of `plan.json` in the mounted ConfigMap. */
  readonly plan: string;
  /** What it is given for its identity; the token's path stands in the folder. Absent: nothing. */
  readonly webIdentity?: { readonly injected: Injected; readonly token: string } | undefined;
  /** What it meets at the address of the metadata service. Absent: what this machine has there. */
  readonly metadataService?: string;
  /** For the hub's own API server. */
  readonly apiToken: string;
  readonly apiServer: { readonly url: string; readonly ca: string };
  readonly aws: Pick<AwsServers, 'sts' | 'eks' | 'ca'>;
}

/** Where a pod's web identity token stands in its folder. */
export const webIdentityTokenIn = (folder: string): string => join(folder, 'web-identity-token');

/** Writes the files that the pod has mounted, and gives its command line and environment. */
export function assemblePod(parts: PodParts): Pod {
  const { cronJob, folder, webIdentity, apiServer, aws } = parts;
  const [container] = cronJob.spec.jobTemplate.spec.template.spec.containers;
  mkdirSync(folder, { recursive: true });
  const file = (base: string, text: string): string => {
    const path = join(folder, base);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const planFile = file('plan.json', parts.plan);
  if (webIdentity)
    writeFileSync(webIdentity.injected.token.path, webIdentity.token, { mode: 0o600 });
  file('token', parts.apiToken);
  file('ca.crt', apiServer.ca);
  const api = new URL(apiServer.url);
  const reportFile = join(folder, 'report.json');
  return {
    reportFile,
    args: [
      ...(container?.args ?? []).map((arg) => (arg.startsWith('/etc/rollcall/') ? planFile : arg)),
      '--report',
      reportFile,
      '--service-account-dir',
      folder,
      '--termination-log',
      file('termination-log', ''),
    ],
    environment: {
      ...webIdentity?.injected.environment,
      ROLLCALL_JOB_NAME: parts.jobName,
      KUBERNETES_SERVICE_HOST: api.hostname,
      KUBERNETES_SERVICE_PORT: api.port,
      ...(parts.metadataService === undefined
        ? {}
        : { AWS_EC2_METADATA_SERVICE_ENDPOINT: parts.metadataService }),
      AWS_ENDPOINT_URL_STS: aws.sts,
      AWS_ENDPOINT_URL_EKS: aws.eks,
      NODE_EXTRA_CA_CERTS: file('aws-ca.crt', aws.ca),
    },
  };
}

/** As the CronJob controller names it: `<cronjob>-<unix minutes>`. */
export const jobNameOf = ({ metadata }: CronJob, scheduled: number): string =>
  `${metadata.name}-${Math.floor(scheduled / 60_000)}`;
