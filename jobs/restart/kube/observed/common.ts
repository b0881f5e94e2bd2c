import type { WorkloadKind } from '../../../../src/plan/restart-plan.ts';
import { LinkError } from '../../link-error.ts';
import type { FieldManager } from '../../ports.ts';
import { safeText } from '../../redact.ts';
import { gitOpsOwner } from './git-ops.ts';
import { toManagers, type ManagedFields } from './managers.ts';
import { selectorText, type LabelSelector } from './selector.ts';

/** The annotation that `kubectl rollout restart` writes, and we too. */
export const restartedAt = 'kubectl.kubernetes.io/restartedAt';
/** On the object itself: `<instant>/<restart>`. */
export const runAnnotation = 'rollcall.dev/run';
/** On the object itself: `never` keeps every restart away. */
const optOutAnnotation = 'rollcall.dev/restart';

export type Texts = Readonly<Record<string, string>>;

/** The parts that every kind has, as the API server writes them. */
export interface RawObject {
  readonly metadata?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly labels?: Texts;
    readonly annotations?: Texts;
    readonly managedFields?: readonly ManagedFields[];
  };
  readonly spec?: { readonly selector?: LabelSelector };
}

/** What is in the pod template, where the kind has one. */
export interface RawTemplate {
  readonly template?: { readonly metadata?: { readonly annotations?: Texts } };
}

/** What every kind's facts begin with. */
interface CommonFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly labels: Texts;
  readonly run?: string;
  readonly optedOut?: true;
  readonly gitOps?: string;
  readonly podSelector: string;
  readonly managers: readonly FieldManager[];
}

/** The path of the stamp in `fieldsV1` of a kind whose pod template carries it. */
export const templateStampField = ['spec', 'template', 'metadata', 'annotations', restartedAt];

export const templateStamp = (spec: RawTemplate | undefined): { readonly stamp?: string } => {
  const stamp = spec?.template?.metadata?.annotations?.[restartedAt];
  return stamp === undefined ? {} : { stamp };
};

/**
 * The facts that are the same of every kind, copied out, so that the object itself can go. Throws
 * `LinkError` with link `network` for something that is no object of the API.
 *
 * @param stampField where the stamp stands in `fieldsV1`
 */
export function commonFacts(
  kind: WorkloadKind,
  { metadata, spec }: RawObject,
  stampField: readonly string[],
): CommonFacts {
  const { namespace, name, uid, resourceVersion, annotations, labels = {} } = metadata ?? {};
  if (!namespace || !name || !uid || !resourceVersion) {
    throw new LinkError(
      'network',
      `The API server sent an object without namespace, name, uid or resourceVersion. Expected: a ${kind}.`,
    );
  }
  const run = annotations?.[runAnnotation];
  const gitOps = gitOpsOwner({ kind, namespace, name, labels, annotations: annotations ?? {} });
  return {
    namespace,
    name,
    uid,
    resourceVersion,
    generation: metadata?.generation ?? 0,
    labels,
    ...(run !== undefined && { run: safeText(run) }),
    ...(annotations?.[optOutAnnotation] === 'never' && { optedOut: true as const }),
    ...(gitOps !== undefined && { gitOps }),
    podSelector: selectorText(spec?.selector),
    managers: toManagers(metadata?.managedFields, stampField),
  };
}
