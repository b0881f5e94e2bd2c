import type { PodTemplate } from '../deployments.ts';
import type { KubeObject, StringMap } from '../objects.ts';
import type { FailureMode } from '../pods/rollout-behaviour.ts';
import type { ResourceType } from '../resources.ts';
import type { Store } from '../store.ts';

/** A pod template and the hash that names it. */
export interface Revision {
  readonly hash: string;
  readonly template: PodTemplate;
}

/** One pod of a set, at its place: an ordinal, or a node. */
export interface SetPod {
  readonly slot: number;
  /** How many pods the set had made before: names of pods that have no place follow from it. */
  readonly serial: number;
  readonly revision: Revision;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly failing: FailureMode | undefined;
  ready: boolean;
}

/** A set as its controller sees it at one moment. */
export interface SetView {
  readonly pods: readonly SetPod[];
  readonly wanted: number;
  /** Of the template as it is now. */
  readonly update: Revision;
  /** Of the last update that was completed. */
  readonly current: Revision;
  readonly observedGeneration: number;
  /** The template has changed since the last status that was written. */
  readonly changed: boolean;
  /** A new pod has not become ready in its time. */
  readonly overdue: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What tells one kind of set from another; everything else is the controller's. */
export interface SetKind {
  readonly type: ResourceType;
  wanted(object: KubeObject): number;
  /** `undefined` while what it refers to is not there. */
  template(object: KubeObject, store: Store): PodTemplate | undefined;
  /** Pods do not wait for one another: neither to be made, nor for a broken one to be replaced. */
  parallel(object: KubeObject): boolean;
  /** The controller replaces this pod of its own accord. */
  stale(object: KubeObject, pod: SetPod, view: SetView): boolean;
  /** What a new pod at this place is made from. */
  revisionAt(object: KubeObject, slot: number, view: SetView): Revision;
  /** The update is complete: it becomes the current revision. */
  completes(object: KubeObject, view: SetView): boolean;
  status(object: KubeObject, view: SetView): Readonly<Record<string, unknown>>;
  podName(object: KubeObject, pod: SetPod): string;
  podLabels(object: KubeObject, pod: SetPod): StringMap;
  /** What a rollout is for, where that is more than the template: another one begins it anew. */
  goal?(object: KubeObject, update: Revision): string;
  /** Milliseconds until it wants to be looked at again, of itself. */
  wakeAfter?(object: KubeObject, now: number): number | undefined;
}

export const readyCount = ({ pods }: SetView): number => pods.filter(({ ready }) => ready).length;

export const countOf = ({ pods }: SetView, { hash }: Revision): number =>
  pods.filter(({ revision }) => revision.hash === hash).length;

/** Without the numbers that are 0, which Go leaves out (`omitempty`). */
export const nonZero = (
  counts: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
