import type { ObservedDaemonSet } from '../../observed.ts';
import {
  commonFacts,
  templateStamp,
  templateStampField,
  type RawObject,
  type RawTemplate,
} from './common.ts';

interface RawDaemonSet extends RawObject {
  readonly spec?: RawObject['spec'] &
    RawTemplate & { readonly updateStrategy?: { readonly type?: string } };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
  };
}

export function toDaemonSet(object: object): ObservedDaemonSet {
  const raw: RawDaemonSet = object;
  const { spec, status } = raw;
  const desiredNumberScheduled = status?.desiredNumberScheduled ?? 0;
  return {
    kind: 'DaemonSet',
    ...commonFacts('DaemonSet', raw, templateStampField),
    ...templateStamp(spec),
    replicas: desiredNumberScheduled,
    strategy: spec?.updateStrategy?.type === 'OnDelete' ? 'OnDelete' : 'RollingUpdate',
    status: {
      observedGeneration: status?.observedGeneration ?? 0,
      desiredNumberScheduled,
      updatedNumberScheduled: status?.updatedNumberScheduled ?? 0,
      numberAvailable: status?.numberAvailable ?? 0,
    },
  };
}
