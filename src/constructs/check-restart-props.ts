import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  listProblems,
  propProblems,
  refuse,
  unknownProps,
  workloadsProblems,
  type KnownProps,
  type PropCheck,
} from './check-props.ts';
import { namespaceProblems } from './place.ts';
import type { PropsProblem } from './props-error.ts';
import type { RestartCronJobProps } from './restart-cron-job-props.ts';
import { identityProblems } from './restart-identity.ts';
import { rolePartitionProblems } from './role-partition.ts';
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
 * What a fleet can't be made of the props without, and what its file would fill in (`{env}`): all that
 * is missing is said at once. What a strategy and workloads must be is checked in that fleet.
 *
 * @throws PropsError for what is not in order
 */
export function checkRestartProps(scope: Construct, props: RestartCronJobProps): void {
  const { workloads, targets } = props;
  // By `irsa-direct` it has none; JavaScript gives anything.
  const { roleArn } = Object(props.identity) as { readonly roleArn?: unknown };
  refuse(scope, [
    ...unknownProps(props, knownProps),
    ...propProblems(checksOf(props)),
    ...namespaceProblems(scope, props.namespace),
    ...identityProblems(props.identity, props.namespace ?? Chart.of(scope).namespace),
    ...rolePartitionProblems('identity.roleArn', roleArn, props.region),
    ...notEmpty('targets', targets),
    ...listProblems('targets', targets, targetProblems),
    ...notEmpty('workloads', workloads),
    ...workloadsProblems(workloads),
  ]);
}

const checksOf = (props: RestartCronJobProps): readonly PropCheck[] => [
  ['name', props.name, 'restartName'],
  ['fleet', props.fleet, 'dnsLabel', 'optional'],
  ['region', props.region, 'region'],
  ['image', props.image, 'image'],
  ['schedule', props.schedule, 'schedule'],
  ['timeZone', props.timeZone, 'timeZone', 'optional'],
  ['suspend', props.suspend, 'flag', 'optional'],
  ['strategy', props.strategy, 'map', 'optional'],
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

function targetProblems(target: unknown, prop: string): readonly PropsProblem[] {
  const problems = propProblems([[prop, target, 'map']]);
  if (problems.length > 0) return problems;
  const { name, eksCluster, region, roleArn, externalId, paused } = target as RestartTarget;
  return [
    ...unknownProps(target as RestartTarget, knownOfTarget, prop),
    ...propProblems([
      [`${prop}.name`, name, 'dnsLabel'],
      [`${prop}.eksCluster`, eksCluster, 'eksName', 'optional'],
      [`${prop}.region`, region, 'region'],
      [`${prop}.roleArn`, roleArn, 'roleArn'],
      [`${prop}.externalId`, externalId, 'externalId', 'optional'],
      [`${prop}.paused`, paused, 'flag', 'optional'],
    ]),
    ...rolePartitionProblems(`${prop}.roleArn`, roleArn, region),
  ];
}

const notEmpty = (prop: string, list: unknown): readonly PropsProblem[] =>
  Array.isArray(list) && list.length === 0
    ? [
        {
          code: 'fleet/empty',
          prop,
          found: 'an empty list',
          expected: 'at least one element',
          next: 'Add an element.',
        },
      ]
    : [];
