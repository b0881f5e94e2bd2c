import { join } from 'node:path';
import { startJob, type JobEnd } from '../../../../src/demo/job-process.ts';
import { assemblePod, type CronJob } from '../../../../src/demo/pod.ts';
import { apiServerAudience } from '../../../../src/simulator/identity/service-account-tokens.ts';
import type { CronHub } from './hub.ts';
import type { JobPod } from './jobs.ts';

/**
 * Runs the job as the pod's container would: the environment from the pod's own spec and labels, the
 * plan and the run record of the live hub. There is no AWS, so every workload ends at the link
 * `identity`; which run it was is told all the same.
 */
export async function runInPod(hub: CronHub, cronJob: string, pod: JobPod): Promise<JobEnd> {
  const { admin, server } = hub.cluster;
  const inNamespace = `/api/v1/namespaces/${hub.namespace}`;
  const live = await admin.call(`/apis/batch/v1/namespaces/${hub.namespace}/cronjobs/${cronJob}`);
  const plan = await admin.call<{ readonly data: Readonly<Record<string, string>> }>(
    `${inNamespace}/configmaps/${cronJob}-plan`,
  );
  const { status } = await admin.call<{ readonly status: { readonly token: string } }>(
    `${inNamespace}/serviceaccounts/${pod.spec.serviceAccountName}/token`,
    { method: 'POST', body: { spec: { audiences: [apiServerAudience] } } },
  );
  const assembled = assemblePod({
    cronJob: live as unknown as CronJob,
    folder: join(hub.folder, pod.metadata.name),
    jobName: '',
    plan: plan.data['plan.json'] ?? '',
    apiToken: status.token,
    apiServer: { url: server.url, ca: server.ca },
    aws: { sts: 'https://sts.invalid', eks: 'https://eks.invalid', ca: '' },
  });
  const given = Object.entries(assembled.environment).filter(
    ([name]) => !name.startsWith('ROLLCALL_'),
  );
  const environment = { ...Object.fromEntries(given), ...environmentOf(pod) };
  return startJob({ bundle: hub.bundle, pod: { ...assembled, environment } }).ended;
}

/** What the kubelet puts into the container's environment (pkg/fieldpath: a missing label is empty). */
export function environmentOf({ metadata, spec }: JobPod): Readonly<Record<string, string>> {
  const entries = (spec.containers[0]?.env ?? []).map(({ name, value, valueFrom }) => {
    const label = /^metadata\.labels\['(.+)'\]$/.exec(valueFrom?.fieldRef?.fieldPath ?? '')?.[1];
    return [name, label === undefined ? (value ?? '') : (metadata.labels?.[label] ?? '')] as const;
  });
  return Object.fromEntries(entries);
}
