import { startJob, type JobEnd } from '../../../../src/demo/job-process.ts';
import type { CronJob } from '../../../../src/demo/pod.ts';
import { withEnvironment } from '../../../contract/support/job.ts';
import { CronJobs, type Verdict } from '../cron/jobs.ts';
import { environmentOf } from '../cron/pod.ts';
import type { RealFleet } from '../fleet/real-fleet.ts';
import { makeRealPod } from '../fleet/real-pod.ts';

interface JobPlace {
  readonly hub: string;
  readonly namespace: string;
  readonly cronJob: string;
  /** Of the Job. It may not be there yet. */
  readonly name: string;
}

/**
 * Plays the container of a Job's pod: the job runs with what the live CronJob, ServiceAccount, plan
 * and pod say, and the pod ends as it has ended.
 */
export async function playJob(
  fleet: RealFleet,
  { hub, namespace, cronJob, name }: JobPlace,
): Promise<{ readonly end: JobEnd; readonly verdict: Verdict }> {
  const cluster = fleet.cluster(hub);
  const jobs = new CronJobs({ cluster, namespace });
  const pod = await jobs.nextPod(name);
  const path = `/apis/batch/v1/namespaces/${namespace}/cronjobs/${cronJob}`;
  const live = (await cluster.admin.call(path)) as unknown as CronJob;
  const container = await makeRealPod(fleet, {
    scheduled: 0,
    name: pod.metadata.name,
    cronJob: live,
  });
  const end = await startJob({
    bundle: fleet.bundle,
    pod: withEnvironment(container, environmentOf(pod)),
  }).ended;
  await jobs.end(pod, { kind: 'exits', code: end.code ?? 1 });
  return { end, verdict: await jobs.verdict(name) };
}
