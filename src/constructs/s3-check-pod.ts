import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { PodWiring } from '../identities/mechanism.ts';
import type { Region } from '../names/arn.ts';
import { recommendedLabels } from './labels.ts';
import { tokenMount, tokenVolume, wiringEnv } from './pod-wiring.ts';

export interface S3CheckPodProps {
  readonly fleet: string;
  readonly service: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** What the pods of the service carry for their AWS identity. */
  readonly wiring: Pick<PodWiring, 'podAnnotations' | 'env' | 'token'>;
  /** A bucket's name, which the service's role may list. */
  readonly bucket: string;
  /** The bucket's. */
  readonly region: Region;
  /**
   * With the `aws` command line on its path.
   *
   * @default 'public.ecr.aws/aws-cli/aws-cli:2.31.0'
   */
  readonly image?: string;
}

/** `nobody`. */
const nobody = 65534;

/**
 * Whether a service's pods have their AWS identity: `aws s3 ls` of a bucket, once. Made by hand, or
 * run by `helm test`, which makes a new one in its place the next time.
 */
export class S3CheckPod extends Construct {
  constructor(scope: Construct, id: string, props: S3CheckPodProps) {
    super(scope, id);
    const { service, namespace, fleet, wiring } = props;
    const name = `${service}-s3-check`;
    new k8s.KubePod(this, 'Pod', {
      metadata: {
        name,
        namespace,
        labels: recommendedLabels({
          name: 'rollcall-s3-check',
          instance: service,
          component: 'test',
          partOf: fleet,
        }),
        annotations: {
          ...wiring.podAnnotations,
          'helm.sh/hook': 'test',
          'helm.sh/hook-delete-policy': 'before-hook-creation',
        },
      },
      spec: {
        restartPolicy: 'Never',
        serviceAccountName: props.serviceAccount,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: nobody,
          runAsGroup: nobody,
          fsGroup: nobody,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [container(props)],
        volumes: [{ name: 'home', emptyDir: {} }, ...tokenVolume(wiring)],
      },
    });
  }
}

function container({ bucket, region, image, wiring }: S3CheckPodProps): k8s.Container {
  const { Quantity } = k8s;
  return {
    name: 'aws',
    image: image ?? 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
    imagePullPolicy: 'IfNotPresent',
    command: ['aws'],
    args: ['s3', 'ls', `s3://${bucket}`],
    env: [
      // Both major versions read it; only the second reads AWS_REGION.
      { name: 'AWS_DEFAULT_REGION', value: region },
      // An agent may not have heard of so young a pod yet.
      { name: 'AWS_METADATA_SERVICE_NUM_ATTEMPTS', value: '10' },
      { name: 'AWS_METADATA_SERVICE_TIMEOUT', value: '5' },
      // Where it keeps its cache.
      { name: 'HOME', value: '/home/aws' },
      ...wiringEnv(wiring),
    ],
    resources: {
      requests: { cpu: Quantity.fromString('50m'), memory: Quantity.fromString('128Mi') },
      limits: { memory: Quantity.fromString('256Mi') },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: 'home', mountPath: '/home/aws' }, ...tokenMount(wiring)],
  };
}
