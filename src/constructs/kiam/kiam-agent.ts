import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { kiamAgentPort } from '../../identities/agents.ts';
import { checkHostInterface, hostInterfaces } from '../kube2iam/host-interface.ts';
import { hostIp, nodeAgent, type NodeAgentProps } from '../kube2iam/node-agent.ts';
import { podLabels } from '../kube2iam/pod-labels.ts';
import { recommendedLabels } from '../labels.ts';
import { literalArgument } from './literal-argument.ts';
import { kiamImage, kiamNames, kiamServerPort } from './names.ts';
import { tlsFlags, tlsMount, tlsVolume } from './tls.ts';

/** `hostInterface` may begin with `!`: every one but it (cmd/kiam/iptables.go). */
export interface KiamAgentProps extends NodeAgentProps {
  /**
   * The nodes that the server runs on, which have no agent: it would stand between the server and
   * the role of its node.
   *
   * @default {'kiam-server': 'true'}
   */
  readonly serverNodes?: Readonly<Record<string, string>>;
  /**
   * Paths of the metadata service that pods may read, besides their credentials: a Go regular
   * expression. Without anchors it permits what merely holds a match.
   *
   * @default none
   */
  readonly allowRouteRegexp?: string;
  /**
   * How long it waits for a server when it starts. Seconds.
   *
   * @default 5
   */
  readonly gatewayTimeoutSeconds?: number;
  /** @default 'quay.io/uswitch/kiam:v4.2' */
  readonly image?: string;
  /** @default requests of 20m and 32Mi, a memory limit of 128Mi, no cpu limit */
  readonly resources?: k8s.ResourceRequirements;
}

/** The labels of the nodes that kiam's server runs on, unless told otherwise. */
export const defaultServerNodes: Readonly<Record<string, string>> = { 'kiam-server': 'true' };

/**
 * kiam's agent on every node but the server's. Its rule stays on a node when its pod goes
 * (`--no-iptables-remove`), so that pods are answered by nobody rather than with the node's own role;
 * it is gone when the node is.
 */
export class KiamAgent extends Construct {
  /** @throws Error for what is no interface's name. */
  constructor(scope: Construct, id: string, props: KiamAgentProps) {
    super(scope, id);
    const { fleet, namespace } = props;
    const name = kiamNames.agent;
    const labels = recommendedLabels({
      name: 'kiam',
      instance: name,
      component: 'agent',
      partOf: fleet,
    });
    // It asks the server alone, never the API server.
    new k8s.KubeServiceAccount(this, 'ServiceAccount', {
      metadata: { name, namespace, labels },
      automountServiceAccountToken: false,
    });
    nodeAgent(this, props, {
      name,
      labels,
      selector: podLabels(labels),
      automountServiceAccountToken: false,
      notOn: props.serverNodes ?? defaultServerNodes,
      container: container(props),
      volumes: [tlsVolume(kiamNames.agentSecret, 0o400)],
    });
  }
}

function container(props: KiamAgentProps): k8s.Container {
  const { port = kiamAgentPort, gatewayTimeoutSeconds = 5, allowRouteRegexp } = props;
  const { Quantity } = k8s;
  return {
    name: 'agent',
    image: props.image ?? kiamImage,
    command: ['/kiam', 'agent'],
    args: [
      '--iptables',
      '--no-iptables-remove',
      `--host-interface=${hostInterface(props)}`,
      `--port=${port}`,
      ...(allowRouteRegexp === undefined
        ? []
        : [literalArgument(`--allow-route-regexp=${allowRouteRegexp}`)]),
      `--server-address=${kiamNames.server}:${kiamServerPort}`,
      `--gateway-timeout-creation=${gatewayTimeoutSeconds}s`,
      ...tlsFlags,
      '--json-log',
    ],
    // kiam's flag `--host`.
    env: [hostIp],
    ports: [{ name: 'http', containerPort: port }],
    resources: props.resources ?? {
      requests: { cpu: Quantity.fromString('20m'), memory: Quantity.fromString('32Mi') },
      limits: { memory: Quantity.fromString('128Mi') },
    },
    // Ready when it reaches a server, which a restart would not help it to.
    readinessProbe: {
      httpGet: { path: '/health?deep=1', port: k8s.IntOrString.fromNumber(port) },
      periodSeconds: 10,
      timeoutSeconds: 6,
    },
    livenessProbe: {
      httpGet: { path: '/ping', port: k8s.IntOrString.fromNumber(port) },
      initialDelaySeconds: 3,
      periodSeconds: 10,
      timeoutSeconds: 5,
    },
    volumeMounts: [tlsMount],
  };
}

function hostInterface({ hostInterface: text = hostInterfaces['amazon-vpc'] }: KiamAgentProps) {
  const not = text.startsWith('!') ? '!' : '';
  return not + checkHostInterface('kiam', text.slice(not.length));
}
