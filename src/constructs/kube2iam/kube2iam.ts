import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { kube2iamPort } from '../../identities/agents.ts';
import type { AllowedRolesFormat } from '../../identities/kube2iam/allowed-roles.ts';
import type { Region } from '../../names/arn.ts';
import { recommendedLabels } from '../labels.ts';
import { checkHostInterface, hostInterfaces } from './host-interface.ts';
import { hostIp, nodeAgent, type NodeAgentProps } from './node-agent.ts';
import { podLabels } from './pod-labels.ts';
import { watchPods } from './watch-pods.ts';

export interface Kube2iamProps extends NodeAgentProps {
  /** The cluster's. Without one kube2iam assumes no role (jtblin/kube2iam#367). */
  readonly region: Region;
  /**
   * How it reads a namespace's list of roles.
   *
   * @default 'glob'
   */
  readonly format?: AllowedRolesFormat;
  /**
   * How long it keeps a session. Seconds, 450–1800: the session itself lives twice as long
   * (iam/iam.go), at least STS's 900 and at most a chained role's 3600.
   *
   * @default 900
   */
  readonly sessionSeconds?: number;
  /**
   * At least 0.13.0: no older one both speaks IMDSv2 and was published (jtblin/kube2iam#376).
   *
   * @default 'jtblin/kube2iam:0.13.0'
   */
  readonly image?: string;
  /** @default requests of 20m and 64Mi, a memory limit of 256Mi, no cpu limit */
  readonly resources?: k8s.ResourceRequirements;
}

const name = 'kube2iam';

/**
 * kube2iam on every node. The node's role needs `sts:AssumeRole` on what its pods may become, and
 * `ec2:DescribeRegions`, which kube2iam asks before its first session (iam/iam.go).
 *
 * Its rule stays on a node when its pod goes, so that pods are answered by nobody rather than with the
 * node's own role; it is gone when the node is.
 */
export class Kube2iam extends Construct {
  /** @throws Error for a `hostInterface` or `sessionSeconds` with which it would not work. */
  constructor(scope: Construct, id: string, props: Kube2iamProps) {
    super(scope, id);
    const { fleet, namespace } = props;
    const labels = recommendedLabels({ name, instance: name, component: 'agent', partOf: fleet });
    watchPods(this, { name, namespace, fleet, labels });
    nodeAgent(this, props, {
      name,
      labels,
      selector: podLabels(labels),
      automountServiceAccountToken: true,
      notOn: {},
      container: container(props),
      volumes: [],
    });
  }
}

function container(props: Kube2iamProps): k8s.Container {
  const { region, format = 'glob', port = kube2iamPort } = props;
  const hostInterface = props.hostInterface ?? hostInterfaces['amazon-vpc'];
  const { Quantity } = k8s;
  return {
    name,
    image: props.image ?? 'jtblin/kube2iam:0.13.0',
    // No base ARN, neither given nor discovered: annotations hold whole ones, and with a base a pod
    // without one passes as its default role, unchecked (mappings/mapper.go). No default role, ever.
    args: [
      '--namespace-restrictions',
      `--namespace-restriction-format=${format}`,
      '--iptables=true',
      '--host-ip=$(HOST_IP)',
      `--host-interface=${checkHostInterface(name, hostInterface)}`,
      '--node=$(NODE_NAME)',
      `--app-port=${port}`,
      `--iam-role-session-ttl=${sessionSeconds(props)}s`,
      '--use-regional-sts-endpoint',
      '--log-format=json',
    ],
    env: [
      hostIp,
      { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'AWS_REGION', value: region },
    ],
    ports: [{ name: 'http', containerPort: port }],
    resources: props.resources ?? {
      requests: { cpu: Quantity.fromString('20m'), memory: Quantity.fromString('64Mi') },
      limits: { memory: Quantity.fromString('256Mi') },
    },
    // It fails while the metadata service does, which no restart mends: so it makes the pod unready
    // soon, and is restarted late.
    readinessProbe: { httpGet: health(port), periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: {
      httpGet: health(port),
      initialDelaySeconds: 30,
      periodSeconds: 30,
      timeoutSeconds: 5,
      failureThreshold: 10,
    },
  };
}

const health = (port: number): k8s.HttpGetAction => ({
  path: '/healthz',
  port: k8s.IntOrString.fromNumber(port),
});

function sessionSeconds({ sessionSeconds: seconds = 900 }: Kube2iamProps): number {
  if (Number.isInteger(seconds) && seconds >= 450 && seconds <= 1800) return seconds;
  throw new Error(
    `sessionSeconds of kube2iam is ${seconds}; expected 450 to 1800: it asks STS for twice as long, which is at least 900 and, for a chained role, at most 3600`,
  );
}
