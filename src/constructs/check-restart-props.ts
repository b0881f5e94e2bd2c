import type { Construct } from 'constructs';
import {
  checkKnown,
  checkProps,
  unknownProps,
  type KnownProps,
  type PropCheck,
} from './check-props.ts';
import { PropsError } from './props-error.ts';
import type { RestartCronJobProps } from './restart-cron-job-props.ts';
import { identityKinds } from './restart-identity.ts';
import type { RestartTarget } from './restart-targets.ts';

const knownProps: KnownProps<RestartCronJobProps> = {
  name: true,
  fleet: true,
  namespace: true,
  region: true,
  identity: true,
  image: true,
  schedule: true,
  timeZone: true,
  suspend: true,
  targets: true,
  workloads: true,
  strategy: true,
  startingDeadlineSeconds: true,
  terminationGracePeriodSeconds: true,
  backoffLimit: true,
  resources: true,
};

/**
 * What has to be in order before a fleet can be made of the props. All else is checked there.
 *
 * @throws PropsError for what is not
 */
export function checkRestartProps(scope: Construct, props: RestartCronJobProps): void {
  checkKnown(scope, props, knownProps);
  checkProps(
    scope,
    ['identity', props.identity, 'map'],
    ['targets', props.targets, 'list'],
    ['workloads', props.workloads, 'list'],
  );
  checkProps(
    scope,
    ...props.targets.map((target, index): PropCheck => [`targets[${index}]`, target, 'map']),
  );
  checkProps(scope, ...checksOf(props));
  checkTargets(scope, props.targets);
}

/** What a fleet can't be made without, and what its file would fill in (`{env}`). */
const checksOf = ({ name, identity, targets }: RestartCronJobProps): readonly PropCheck[] => [
  ['name', name, 'restartName'],
  ['identity.kind', identity.kind, identityKinds],
  ...(identity.kind === 'irsa-direct'
    ? []
    : [['identity.roleArn', identity.roleArn, 'roleArn'] as const]),
  ['identity.serviceAccount', identity.serviceAccount, 'objectName', 'optional'],
  ...targets.flatMap(({ roleArn, externalId }, index): readonly PropCheck[] => [
    [`targets[${index}].roleArn`, roleArn, 'roleArn'],
    [`targets[${index}].externalId`, externalId, 'externalId', 'optional'],
  ]),
];

const knownOfTarget: KnownProps<RestartTarget> = {
  name: true,
  eksCluster: true,
  region: true,
  roleArn: true,
  externalId: true,
  labels: true,
  connection: true,
  paused: true,
};

function checkTargets(scope: Construct, targets: readonly RestartTarget[]): void {
  const problems = targets.flatMap((target, index) =>
    unknownProps(target, knownOfTarget, ['targets', index]),
  );
  if (problems.length > 0) throw new PropsError(scope, problems);
}
