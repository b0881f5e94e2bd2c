import { conditionOf, type ContainerStatus, type Pod } from './pod-facts.ts';

/** Why one pod is not ready. */
export interface Finding {
  /** The smaller, the more telling. */
  readonly rank: number;
  /** Kubernetes' own word for it. */
  readonly reason: string;
  /** Empty: there is none. */
  readonly detail: string;
  /** It will not come up by itself. */
  readonly hopeless: boolean;
}

interface WaitingRule {
  readonly reasons: readonly string[];
  readonly rank: number;
  readonly hopeless: (reason: string, container: ContainerStatus) => boolean;
}

/** A container that has crashed so often is given up. */
const mostRestarts = 3;

/** Of `state.waiting.reason` (kubernetes, pkg/kubelet/images/types.go and kuberuntime_container.go). */
const waitingRules: readonly WaitingRule[] = [
  {
    reasons: ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull'],
    rank: 0,
    // The first failure of a pull may be the registry's bad moment.
    hopeless: (reason) => reason !== 'ErrImagePull',
  },
  {
    reasons: ['CrashLoopBackOff'],
    rank: 1,
    hopeless: (_reason, { restartCount = 0 }) => restartCount >= mostRestarts,
  },
  {
    // A Secret or ConfigMap that is missing may yet come.
    reasons: ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'],
    rank: 2,
    hopeless: () => false,
  },
];

/** The most telling reason of a pod that is not ready. */
export function findingOf(pod: Pod): Finding {
  const { status } = pod;
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  const [waiting] = containers.flatMap(waitingFinding).sort((a, b) => a.rank - b.rank);
  if (waiting) return waiting;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') {
    return found(3, scheduled.reason ?? 'Unschedulable', scheduled.message);
  }
  if (status?.phase === 'Failed') return found(4, status.reason ?? 'Failed', status.message);
  if (status?.phase === 'Running') return found(5, 'NotReady', conditionOf(pod, 'Ready')?.message);
  const starting = containers.find(({ state }) => state?.waiting)?.state?.waiting;
  return found(6, starting?.reason ?? status?.phase ?? 'Unknown', starting?.message);
}

const found = (rank: number, reason: string, detail = ''): Finding => ({
  rank,
  reason,
  detail,
  hopeless: false,
});

function waitingFinding(container: ContainerStatus): readonly Finding[] {
  const { reason = '', message = '' } = container.state?.waiting ?? {};
  const rule = waitingRules.find(({ reasons }) => reasons.includes(reason));
  if (!rule) return [];
  const ended = container.lastState?.terminated;
  const end =
    ended && `last ended with ${ended.reason ?? 'an error'}, exit code ${ended.exitCode ?? '?'}`;
  const restarts = container.restartCount ? `${container.restartCount} restarts` : undefined;
  const told = reason === 'CrashLoopBackOff' ? [end, restarts] : [message || undefined];
  const detail = [`container ${container.name ?? '?'}`, ...told.filter((part) => part)].join(', ');
  return [{ rank: rule.rank, reason, detail, hopeless: rule.hopeless(reason, container) }];
}
