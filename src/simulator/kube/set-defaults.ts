import { filled, replaced } from './filled.ts';
import type { Fields } from './filled.ts';
import { isRecord } from './objects.ts';
import { podTemplate } from './pod-template-defaults.ts';

/** pkg/apis/apps/v1/defaults.go, SetDefaults_StatefulSet */
export function statefulSetSpec(given: Fields): Fields {
  const spec = filled(given, {
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: 'OrderedReady',
    // Where `type` is given, `rollingUpdate` stays as it is, also away.
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: {} },
    persistentVolumeClaimRetentionPolicy: {},
  });
  const { updateStrategy, persistentVolumeClaimRetentionPolicy: claims } = spec;
  return withTemplate(
    replaced(
      replaced(spec, 'updateStrategy', ordinalStrategy(updateStrategy)),
      'persistentVolumeClaimRetentionPolicy',
      isRecord(claims) ? filled(claims, { whenDeleted: 'Retain', whenScaled: 'Retain' }) : claims,
    ),
  );
}

function ordinalStrategy(given: unknown): unknown {
  if (!isRecord(given)) return given;
  const named =
    given.type === undefined ? filled(given, { type: 'RollingUpdate', rollingUpdate: {} }) : given;
  return named.type === 'RollingUpdate' && isRecord(named.rollingUpdate)
    ? replaced(named, 'rollingUpdate', filled(named.rollingUpdate, { partition: 0 }))
    : named;
}

/** pkg/apis/apps/v1/defaults.go, SetDefaults_DaemonSet */
export function daemonSetSpec(given: Fields): Fields {
  const spec = filled(given, { revisionHistoryLimit: 10, updateStrategy: {} });
  return withTemplate(replaced(spec, 'updateStrategy', nodeStrategy(spec.updateStrategy)));
}

function nodeStrategy(given: unknown): unknown {
  if (!isRecord(given)) return given;
  const named = filled(given, { type: 'RollingUpdate' });
  if (named.type !== 'RollingUpdate') return named;
  const rolling = filled(named, { rollingUpdate: {} });
  const { rollingUpdate } = rolling;
  return isRecord(rollingUpdate)
    ? replaced(rolling, 'rollingUpdate', filled(rollingUpdate, { maxSurge: 0, maxUnavailable: 1 }))
    : rolling;
}

/** pkg/apis/batch/v1/defaults.go, SetDefaults_Job */
export const jobSpec = (given: Fields): Fields =>
  withTemplate(
    filled(given, {
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      completions: 1,
      manualSelector: false,
      parallelism: 1,
      podReplacementPolicy: 'TerminatingOrFailed',
      suspend: false,
    }),
  );

const withTemplate = (spec: Fields): Fields =>
  replaced(spec, 'template', podTemplate(spec.template));
