import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { parseRoleArn } from '../../names/arn.ts';
import { podLabels } from '../kube2iam/pod-labels.ts';
import { watchPods } from '../kube2iam/watch-pods.ts';
import { recommendedLabels } from '../labels.ts';
import { defaultServerNodes } from './kiam-agent.ts';
import { kiamNames, kiamServerPort } from './names.ts';
import { serverContainer, type ServerContainerProps } from './server-container.ts';
import { tlsVolume } from './tls.ts';

export interface KiamServerProps extends ServerContainerProps {
  readonly fleet: string;
  readonly namespace: string;
  /**
   * Labels of the nodes that it runs on, which the pods of users must not: their role may become the
   * server's. So give these nodes a taint.
   *
   * @default {'kiam-server': 'true'}
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** @default taints that say the same as the labels of its nodes */
  readonly tolerations?: readonly k8s.Toleration[];
  /**
   * Needed on nodes whose metadata service answers only one hop away, and where agents run too.
   *
   * @default false
   */
  readonly hostNetwork?: boolean;
}

const name = kiamNames.server;
/** `nobody`. */
const nobody = 65534;

/** kiam's server on each of its nodes, and the headless Service by which the agents find them. */
export class KiamServer extends Construct {
  /** @throws Error for a `sessionSeconds` or `baseArn` with which no pod would get a session. */
  constructor(scope: Construct, id: string, props: KiamServerProps) {
    super(scope, id);
    const { fleet, namespace } = props;
    check(props);
    const labels = recommendedLabels({
      name: 'kiam',
      instance: name,
      component: 'server',
      partOf: fleet,
    });
    const selector = podLabels(labels);
    watchPods(this, {
      name,
      namespace,
      fleet,
      labels,
      // It says on a pod why it gets no credentials, in the pod's own namespace.
      more: [{ apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] }],
    });
    new k8s.KubeService(this, 'Service', {
      metadata: { name, namespace, labels },
      spec: {
        clusterIp: 'None',
        selector,
        ports: [{ name: 'grpc', port: kiamServerPort, protocol: 'TCP' }],
      },
    });
    new k8s.KubeDaemonSet(this, 'DaemonSet', {
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(1) },
        },
        // No version among them: a new one of Rollcall alone restarts no server.
        template: { metadata: { labels: selector }, spec: podSpec(props) },
      },
    });
  }
}

function podSpec(props: KiamServerProps): k8s.PodSpec {
  const nodes = props.nodeSelector ?? defaultServerNodes;
  return {
    serviceAccountName: name,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    priorityClassName: 'system-cluster-critical',
    ...(props.hostNetwork ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
    nodeSelector: { 'kubernetes.io/os': 'linux', ...nodes },
    tolerations: [...(props.tolerations ?? Object.entries(nodes).map(sameTaint))],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: nobody,
      runAsGroup: nobody,
      fsGroup: nobody,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [serverContainer(props)],
    volumes: [tlsVolume(kiamNames.serverSecret, 0o440)],
  };
}

const sameTaint = ([key, value]: [string, string]): k8s.Toleration => ({
  key,
  operator: 'Equal',
  value,
});

function check({ sessionSeconds = 900, baseArn }: KiamServerProps): void {
  if (!Number.isInteger(sessionSeconds) || sessionSeconds < 900 || sessionSeconds > 3600) {
    throw new Error(
      `sessionSeconds of kiam is ${sessionSeconds}; expected 900 to 3600: kiam asks for at least 15 minutes, and STS gives a chained role at most an hour`,
    );
  }
  if (baseArn !== undefined && !(baseArn.endsWith('/') && parseRoleArn(`${baseArn}x`))) {
    throw new Error(
      `baseArn of kiam is ${JSON.stringify(baseArn)}; expected what stands before a role's name, with its slash, such as arn:aws:iam::123456789012:role/`,
    );
  }
}
