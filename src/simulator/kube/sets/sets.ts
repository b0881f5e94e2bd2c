import type { PodTemplate } from '../deployments.ts';
import type { KubeObject, StringMap } from '../objects.ts';
import { isRecord } from '../objects.ts';

/** The fields of a set's spec that its controller reads, however the object came about. */
export interface SetSpec {
  readonly replicas?: number;
  readonly template?: PodTemplate;
  readonly podManagementPolicy?: string;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly partition?: number };
  };
  readonly selector?: { readonly matchLabels?: StringMap };
}

export const specOf = (object: KubeObject): SetSpec => (isRecord(object.spec) ? object.spec : {});

export const isOnDelete = (object: KubeObject): boolean =>
  specOf(object).updateStrategy?.type === 'OnDelete';

/** Pods with a lower ordinal are not updated. Default: 0. */
export const partitionOf = (object: KubeObject): number =>
  specOf(object).updateStrategy?.rollingUpdate?.partition ?? 0;
