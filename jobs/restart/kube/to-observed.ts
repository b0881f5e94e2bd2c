import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';
import type { FieldManager, Observed } from '../ports.ts';

export const restartedAt = 'kubectl.kubernetes.io/restartedAt';
export const runAnnotation = 'rollcall.dev/run';

/**
 * The parts of a Deployment that are looked at. Raw JSON and client-node's objects both fit: they
 * differ in dates alone.
 */
interface DeploymentLike {
  readonly metadata?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedFields[];
  };
  readonly spec?: {
    readonly paused?: boolean;
    readonly replicas?: number;
    readonly template?: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type?: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string | Date;
  readonly fieldsV1?: object;
}

/** Where the stamp stands in `fieldsV1`. */
const stampField = ['spec', 'template', 'metadata', 'annotations', restartedAt];

/**
 * The facts of a Deployment, copied out, so that the object itself can go. Counts that are left out
 * are 0 (the API omits zeros), `replicas` is 1 (its default). Throws `LinkError` with link `network`
 * for something that is no object of the API.
 */
export function toObserved(object: unknown): Observed {
  const { metadata, spec, status } = (object ?? {}) as DeploymentLike;
  const { namespace, name, uid, resourceVersion } = metadata ?? {};
  if (!namespace || !name || !uid || !resourceVersion) {
    throw new LinkError(
      'network',
      'The API server sent an object without namespace, name, uid or resourceVersion. Expected: a Deployment.',
    );
  }
  const stamp = spec?.template?.metadata?.annotations?.[restartedAt];
  const run = metadata?.annotations?.[runAnnotation];
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  return {
    namespace,
    name,
    uid,
    resourceVersion,
    generation: metadata?.generation ?? 0,
    paused: spec?.paused ?? false,
    replicas: spec?.replicas ?? 1,
    status: {
      observedGeneration: status?.observedGeneration ?? 0,
      replicas: status?.replicas ?? 0,
      updatedReplicas: status?.updatedReplicas ?? 0,
      availableReplicas: status?.availableReplicas ?? 0,
      ...(progressing && {
        progressing: {
          reason: safeText(progressing.reason ?? ''),
          message: safeText(progressing.message ?? ''),
        },
      }),
    },
    ...(stamp !== undefined && { stamp }),
    ...(run !== undefined && { run: safeText(run) }),
    managers: (metadata?.managedFields ?? [])
      .filter(({ subresource }) => !subresource)
      .map(toManager),
  };
}

const toManager = ({ manager, operation, time, fieldsV1 }: ManagedFields): FieldManager => ({
  manager: safeText(manager ?? ''),
  operation: safeText(operation ?? ''),
  time: time instanceof Date ? time.toISOString().replace('.000Z', 'Z') : (time ?? ''),
  ...(ownsStamp(fieldsV1) && { ownsStamp: true as const }),
});

const ownsStamp = (fieldsV1: unknown): boolean =>
  stampField.reduce<unknown>(
    (fields, name) => (fields as Readonly<Record<string, unknown>> | undefined)?.[`f:${name}`],
    fieldsV1,
  ) !== undefined;
