import type { PodTemplate } from '../deployments.ts';
import type { KubeObject, StringMap } from '../objects.ts';
import type { FailureMode, RolloutBehaviour } from './rollout-behaviour.ts';

/** A pod as its owner wants it to be seen. */
export interface OwnedPod {
  /** Another one of the same name has another id. */
  readonly id: string;
  readonly name: string;
  readonly labels: StringMap;
  readonly template: PodTemplate;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly nodeName: string;
  readonly state: 'ready' | 'starting' | FailureMode;
  /** The wait before the first restart of a container that crashes; it doubles. Milliseconds. */
  readonly backOffMs: number;
}

/** A controller as the pods' keeper sees it: what owns pods, and which. */
export interface PodSource {
  owners(): Iterable<KubeObject>;
  podsOf(owner: KubeObject): readonly OwnedPod[];
  /** A pod that someone else deleted: the owner makes another in its own time. */
  gone(owner: KubeObject, pod: string): void;
}

/** The kubelet's first back-off, or the workload's own time where that is shorter. */
export const backOffOf = ({ rolloutSeconds }: RolloutBehaviour): number =>
  Math.max(1, Math.min(10_000, rolloutSeconds * 1000));

/** How often a container that crashes at once has been restarted by now: each wait is twice the one before. */
export function restartsAfter(ms: number, backOffMs: number): number {
  return Math.floor(Math.log2(1 + Math.max(0, ms) / backOffMs));
}

/** The five characters at the end of a generated name, always the same for the same pod. */
export function nameSuffix(seed: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 16777619) >>> 0;
  return Array.from({ length: 5 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return alphabet.charAt((state >>> 8) % alphabet.length);
  }).join('');
}
