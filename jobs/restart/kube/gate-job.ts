import type { GateJob, GateJobState } from '../ports.ts';
import { safeText } from '../redact.ts';
import type { KubeClient } from './client.ts';
import { fieldManager, namespacedPath } from './request.ts';

/** Kept so long after its end, for its logs. Seconds. */
const keptSeconds = 24 * 60 * 60;
/** The user `nonroot` of distroless images. */
const nonRoot = 65532;

/** Where gates' Jobs are made, and for which restart. */
export interface GateJobPlace {
  readonly namespace: string;
  readonly restart: string;
}

/**
 * How a gate's Job stands; made where it is not there. Its name is the same for every attempt at a
 * run: whoever comes second finds it.
 */
export async function runGateJob(
  client: KubeClient,
  place: GateJobPlace,
  job: GateJob,
  signal: AbortSignal,
): Promise<GateJobState> {
  const { namespace } = place;
  const collection = namespacedPath('/apis/batch/v1', namespace, 'jobs');
  const state = await client.request(
    {
      doing: `get job ${namespace}/${job.name}`,
      method: 'GET',
      path: `${collection}/${encodeURIComponent(job.name)}`,
      answers: [404],
    },
    signal,
    ({ status, body }) => (status === 404 ? undefined : toState(body)),
  );
  return (
    state ??
    client.request(
      {
        doing: `create job ${namespace}/${job.name}`,
        method: 'POST',
        path: collection,
        query: { fieldManager },
        body: toJob(place, job),
        // Another pod's, a moment earlier.
        answers: [409],
      },
      signal,
      () => ({ kind: 'running' }),
    )
  );
}

function toState(object: unknown): GateJobState {
  const { metadata, status } = (object ?? {}) as {
    readonly metadata?: { readonly uid?: string };
    readonly status?: { readonly conditions?: readonly Condition[] | null };
  };
  if (!metadata?.uid) throw new Error('the answer has no uid: it is no Job');
  const holding = (type: string) =>
    status?.conditions?.find((one) => one.type === type && one.status === 'True');
  if (holding('Complete')) return { kind: 'succeeded' };
  const failed = holding('Failed');
  if (!failed) return { kind: 'running' };
  const { reason = 'Failed', message = '' } = failed;
  return { kind: 'failed', message: safeText(`${reason}: ${message}`) };
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** One pod, once, that may nothing: no token, no root, no writing (Pod Security Standards, Restricted). */
function toJob(
  { namespace, restart }: GateJobPlace,
  { name, image, command, timeoutSeconds }: GateJob,
) {
  const labels = {
    // Its NetworkPolicy selects by these (src/constructs/gate-network-policy.ts).
    'app.kubernetes.io/name': 'rollcall',
    'app.kubernetes.io/instance': restart,
    'app.kubernetes.io/component': 'gate',
    'app.kubernetes.io/managed-by': 'rollcall',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace, name, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: timeoutSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: nonRoot,
            runAsGroup: nonRoot,
            fsGroup: nonRoot,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'gate',
              image,
              command,
              imagePullPolicy: 'IfNotPresent',
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { memory: '512Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                privileged: false,
                readOnlyRootFilesystem: true,
              },
            },
          ],
        },
      },
    },
  };
}
