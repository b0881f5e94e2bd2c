import { expect, it } from '@jest/globals';
import { S3CheckPod } from '../../src/constructs/s3-check-pod.ts';
import type { Region } from '../../src/names/arn.ts';
import { labels, made } from './support/own-app.ts';

const common = {
  fleet: 'fleet',
  service: 'web',
  namespace: 'shop',
  serviceAccount: 'web',
  bucket: 'buck.et-1',
  region: 'eu-west-1' as Region,
};

it('lists a bucket as its service, as a helm test, and may nothing besides', () => {
  const objects = made((scope) => {
    const podAnnotations = { 'iam.amazonaws.com/role': 'arn:aws:iam::000000000001:role/web' };
    new S3CheckPod(scope, 'check', { ...common, wiring: { podAnnotations, env: {} } });
  });
  expect(objects).toEqual({
    'Pod web-s3-check': {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-s3-check',
        namespace: 'shop',
        labels: labels('rollcall-s3-check', 'web', 'test'),
        annotations: {
          'iam.amazonaws.com/role': 'arn:aws:iam::000000000001:role/web',
          'helm.sh/hook': 'test',
          'helm.sh/hook-delete-policy': 'before-hook-creation',
        },
      },
      spec: {
        restartPolicy: 'Never',
        serviceAccountName: 'web',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65534,
          runAsGroup: 65534,
          fsGroup: 65534,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'aws',
            image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
            imagePullPolicy: 'IfNotPresent',
            command: ['aws'],
            args: ['s3', 'ls', 's3://buck.et-1'],
            env: [
              { name: 'AWS_DEFAULT_REGION', value: 'eu-west-1' },
              { name: 'AWS_METADATA_SERVICE_NUM_ATTEMPTS', value: '10' },
              { name: 'AWS_METADATA_SERVICE_TIMEOUT', value: '5' },
              { name: 'HOME', value: '/home/aws' },
            ],
            resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              privileged: false,
              readOnlyRootFilesystem: true,
            },
            terminationMessagePolicy: 'FallbackToLogsOnError',
            volumeMounts: [{ name: 'home', mountPath: '/home/aws' }],
          },
        ],
        volumes: [{ name: 'home', emptyDir: {} }],
      },
    },
  });
});

it('has the token where no webhook adds it', () => {
  const token = {
    volume: 'aws-iam-token',
    mountPath: '/var/run/secrets/aws',
    path: 'token',
    audience: 'sts.amazonaws.com',
    expirationSeconds: 3600,
  };
  const { 'Pod web-s3-check': pod } = made((scope) => {
    const wiring = { podAnnotations: {}, env: { AWS_ROLE_ARN: 'arn' }, token };
    new S3CheckPod(scope, 'check', { ...common, wiring });
  });
  expect(pod).toMatchObject({
    spec: {
      containers: [
        {
          env: expect.arrayContaining([{ name: 'AWS_ROLE_ARN', value: 'arn' }]) as unknown,
          volumeMounts: [{ name: 'home' }, { name: 'aws-iam-token', readOnly: true }],
        },
      ],
      volumes: [
        { name: 'home' },
        {
          name: 'aws-iam-token',
          projected: {
            sources: [
              {
                serviceAccountToken: {
                  audience: 'sts.amazonaws.com',
                  expirationSeconds: 3600,
                  path: 'token',
                },
              },
            ],
          },
        },
      ],
    },
  });
});
