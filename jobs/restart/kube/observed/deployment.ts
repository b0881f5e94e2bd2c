import type { ObservedDeployment } from '../../observed.ts';
import { safeText } from '../../redact.ts';
import {
  commonFacts,
  templateStamp,
  templateStampField,
  type RawObject,
  type RawTemplate,
} from './common.ts';

interface RawDeployment extends RawObject {
  readonly spec?: RawObject['spec'] &
    RawTemplate & {
      readonly paused?: boolean;
      readonly replicas?: number;
      readonly strategy?: { readonly type?: string };
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

export function toDeployment(object: object): ObservedDeployment {
  const raw: RawDeployment = object;
  const { spec, status } = raw;
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  return {
    kind: 'Deployment',
    ...commonFacts('Deployment', raw, templateStampField),
    ...templateStamp(spec),
    replicas: spec?.replicas ?? 1,
    paused: spec?.paused ?? false,
    strategy: spec?.strategy?.type === 'Recreate' ? 'Recreate' : 'RollingUpdate',
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
  };
}
