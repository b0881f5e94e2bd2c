import { k8s } from 'cdk8s-plus-27';
import type { Region, RoleArn } from '../../names/arn.ts';
import { literalArgument } from './literal-argument.ts';
import { kiamImage, kiamServerPort } from './names.ts';
import { tlsFlags, tlsMount } from './tls.ts';

export interface ServerContainerProps {
  /**
   * The role that it assumes with its node's, and from which it assumes those of the pods: they trust
   * it. v4 does not start without one (pkg/server/server_builder.go).
   */
  readonly roleArn: RoleArn;
  /**
   * What stands before a role that is not a whole ARN: `arn:aws:iam::123456789012:role/`, with a path
   * where roles have one.
   *
   * @default asked of the metadata service
   */
  readonly baseArn?: string;
  /**
   * Whose STS it asks.
   *
   * @default the global one, which only the partition `aws` has
   */
  readonly region?: Region;
  /**
   * How long a pod's session lives. Seconds, 900–3600: at least kiam's, at most a chained role's.
   *
   * @default 900
   */
  readonly sessionSeconds?: number;
  /** @default 'quay.io/uswitch/kiam:v4.2' */
  readonly image?: string;
  /** @default requests of 50m and 128Mi, a memory limit of 512Mi, no cpu limit */
  readonly resources?: k8s.ResourceRequirements;
}

export function serverContainer(props: ServerContainerProps): k8s.Container {
  const { roleArn, baseArn, region, sessionSeconds = 900 } = props;
  const { Quantity } = k8s;
  return {
    name: 'server',
    image: props.image ?? kiamImage,
    imagePullPolicy: 'IfNotPresent',
    command: ['/kiam', 'server'],
    args: [
      `--bind=0.0.0.0:${kiamServerPort}`,
      literalArgument(`--assume-role-arn=${roleArn}`),
      baseArn === undefined
        ? '--role-base-arn-autodetect'
        : literalArgument(`--role-base-arn=${baseArn}`),
      ...(region === undefined ? [] : [`--region=${region}`]),
      `--session-duration=${sessionSeconds}s`,
      ...tlsFlags,
      '--json-log',
    ],
    ports: [{ name: 'grpc', containerPort: kiamServerPort, protocol: 'TCP' }],
    resources: props.resources ?? {
      requests: { cpu: Quantity.fromString('50m'), memory: Quantity.fromString('128Mi') },
      limits: { memory: Quantity.fromString('512Mi') },
    },
    readinessProbe: { exec: health, initialDelaySeconds: 3, periodSeconds: 10, timeoutSeconds: 10 },
    livenessProbe: { exec: health, initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 10 },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [tlsMount],
  };
}

/** As in kiam's own manifest (deploy/server.daemonset.yaml). */
const health: k8s.ExecAction = {
  command: [
    '/kiam',
    'health',
    ...tlsFlags,
    `--server-address=127.0.0.1:${kiamServerPort}`,
    '--gateway-timeout-creation=1s',
    '--timeout=5s',
  ],
};
