import { k8s } from 'cdk8s-plus-27';
import type { KiamServerProps } from './kiam-server.ts';
import { literalArgument } from './literal-argument.ts';
import { kiamImage, kiamServerPort } from './names.ts';
import { tlsFlags, tlsMount } from './tls.ts';

export function serverContainer(props: KiamServerProps): k8s.Container {
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
