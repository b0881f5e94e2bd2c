import { controlAnnotations } from '../../../jobs/restart/record/control.ts';
import type { Lab } from '../laboratory.ts';
import { asAdmin } from './admin.ts';

const inHub = (group: string, resource: string): string => `${group}/namespaces/sts/${resource}`;

/** What operators say to a restart, by annotations on its record; `null` takes one back. */
export async function say(
  lab: Lab,
  restart: string,
  what: keyof typeof controlAnnotations,
  value: string | null,
): Promise<void> {
  await asAdmin(lab, 'ci', {
    method: 'PATCH',
    path: inHub('/api/v1', `configmaps/${restart}-record-0`),
    body: { metadata: { annotations: { [controlAnnotations[what]]: value } } },
  });
}

interface Versioned {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
}

/** Versions of a restart's record and Lease: they change with each write. */
export const recordVersions = (lab: Lab, restart: string): Promise<readonly unknown[]> =>
  Promise.all(
    [
      inHub('/api/v1', `configmaps/${restart}-record-0`),
      inHub('/apis/coordination.k8s.io/v1', `leases/${restart}-lock`),
    ].map(async (path) => (await asAdmin<Versioned>(lab, 'ci', { path })).metadata.resourceVersion),
  );

/** Names of the Jobs that a restart's gates have made. */
export async function gateJobs(lab: Lab, restart: string): Promise<readonly string[]> {
  const path = inHub('/apis/batch/v1', 'jobs');
  const { items } = await asAdmin<{ readonly items: readonly Versioned[] }>(lab, 'ci', { path });
  return items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith(restart));
}
