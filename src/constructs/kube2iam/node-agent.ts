import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

/** What the two agents, kiam's and kube2iam, let their user choose. */
export interface NodeAgentProps {
  readonly fleet: string;
  readonly namespace: string;
  /**
   * The host's interfaces to its pods: of other network plugins see `hostInterfaces`.
   *
   * @default `eni+`, the Amazon VPC CNI's
   */
  readonly hostInterface?: string;
  /**
   * Where it listens on its node.
   *
   * @default 8181
   */
  readonly port?: number;
  /**
   * Labels of the nodes that it runs on, besides Linux.
   *
   * @default none: every node. One without the agent lends its own role to its pods.
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** @default every taint */
  readonly tolerations?: readonly k8s.Toleration[];
  /**
   * Nodes, or their share such as `10%`, that are without a ready agent at a time while it changes.
   *
   * @default '10%'
   */
  readonly maxUnavailable?: number | string;
}

export interface NodeAgentParts {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly selector: Record<string, string>;
  /** Whether it speaks to the API server. */
  readonly automountServiceAccountToken: boolean;
  /** Nodes that have all of these labels have no agent. */
  readonly notOn: Readonly<Record<string, string>>;
  readonly container: k8s.Container;
  readonly volumes: readonly k8s.Volume[];
}

/** Shared with everything on the node that changes its rules (iptables(8), `--wait`). */
const lock = '/run/xtables.lock';

/**
 * A DaemonSet on the host's network that takes over the metadata service's address by iptables. Pods
 * that start on a new node before it does reach the node's own role until then (jtblin/kube2iam,
 * README.md): the node's role should be worth little, or the rule stand before the kubelet starts.
 */
export function nodeAgent(scope: Construct, props: NodeAgentProps, parts: NodeAgentParts): void {
  const { namespace, maxUnavailable = '10%' } = props;
  const { name, labels, selector, container } = parts;
  new k8s.KubeDaemonSet(scope, 'DaemonSet', {
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: {
          maxUnavailable:
            typeof maxUnavailable === 'number'
              ? k8s.IntOrString.fromNumber(maxUnavailable)
              : k8s.IntOrString.fromString(maxUnavailable),
        },
      },
      template: {
        // No version among them: a new one of Rollcall alone restarts no agent.
        metadata: { labels: selector },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: parts.automountServiceAccountToken,
          enableServiceLinks: false,
          priorityClassName: 'system-node-critical',
          // iptables' rules are the host's.
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          nodeSelector: { 'kubernetes.io/os': 'linux', ...props.nodeSelector },
          affinity: { nodeAffinity: notOn(parts.notOn) },
          tolerations: [...(props.tolerations ?? [{ operator: 'Exists' }])],
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              ...container,
              imagePullPolicy: 'IfNotPresent',
              securityContext: iptablesOnly,
              terminationMessagePolicy: 'FallbackToLogsOnError',
              volumeMounts: [
                ...(container.volumeMounts ?? []),
                { name: 'xtables-lock', mountPath: lock },
              ],
            },
          ],
          volumes: [
            ...parts.volumes,
            { name: 'xtables-lock', hostPath: { path: lock, type: 'FileOrCreate' } },
          ],
        },
      },
    },
  });
}

/**
 * The user root and two capabilities are all that iptables takes, so not `privileged`, which kube2iam's
 * README asks for: both agents call it by the same library, and kiam's own manifest (deploy/agent.yaml)
 * has these two.
 */
const iptablesOnly: k8s.SecurityContext = {
  runAsUser: 0,
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] },
};

const without = (key: string, value: string): k8s.NodeSelectorRequirement => ({
  key,
  operator: 'NotIn',
  values: [value],
});
/** On Fargate there are no DaemonSets (EKS user guide, "AWS Fargate"), whatever they tolerate. */
const fargate = without('eks.amazonaws.com/compute-type', 'fargate');

/** One of the terms must hold: a node that lacks one of the labels lacks all of them together. */
function notOn(labels: Readonly<Record<string, string>>): k8s.NodeAffinity {
  const terms = Object.entries(labels).map(([key, value]) => ({
    matchExpressions: [fargate, without(key, value)],
  }));
  return {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: terms.length > 0 ? terms : [{ matchExpressions: [fargate] }],
    },
  };
}

/** The host's address, to which the metadata service's is led. */
export const hostIp: k8s.EnvVar = {
  name: 'HOST_IP',
  valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } },
};
