import type { ObservedStatefulSet } from '../../observed.ts';
import {
  commonFacts,
  templateStamp,
  templateStampField,
  type RawObject,
  type RawTemplate,
} from './common.ts';

interface RawStatefulSet extends RawObject {
  readonly spec?: RawObject['spec'] &
    RawTemplate & {
      readonly replicas?: number;
      readonly updateStrategy?: {
        readonly type?: string;
        readonly rollingUpdate?: { readonly partition?: number };
      };
    };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly updatedReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
  };
}

export function toStatefulSet(object: object): ObservedStatefulSet {
  const raw: RawStatefulSet = object;
  const { spec, status } = raw;
  return {
    kind: 'StatefulSet',
    ...commonFacts('StatefulSet', raw, templateStampField),
    ...templateStamp(spec),
    replicas: spec?.replicas ?? 1,
    strategy: spec?.updateStrategy?.type === 'OnDelete' ? 'OnDelete' : 'RollingUpdate',
    partition: spec?.updateStrategy?.rollingUpdate?.partition ?? 0,
    status: {
      observedGeneration: status?.observedGeneration ?? 0,
      replicas: status?.replicas ?? 0,
      readyReplicas: status?.readyReplicas ?? 0,
      availableReplicas: status?.availableReplicas ?? 0,
      updatedReplicas: status?.updatedReplicas ?? 0,
      currentRevision: status?.currentRevision ?? '',
      updateRevision: status?.updateRevision ?? '',
    },
  };
}
