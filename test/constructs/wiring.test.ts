import { describe, expect, it } from '@jest/globals';
import { RestartPlanCronJob } from '../../src/constructs/restart-plan-cron-job.ts';
import { RestartNetworkPolicy } from '../../src/constructs/restart-network-policy.ts';
import { defaultIdentity, defaultIrsa } from '../../src/identities/defaults.ts';
import type { PodWiring } from '../../src/identities/mechanism.ts';
import { planIdentity } from '../../src/identities/mechanisms.ts';
import type { PodIdentity, PodIdentityKind } from '../../src/identities/pod-identity.ts';
import { arnOf, requestBy } from '../identities/support.ts';
import { made, noWiring, plan } from './support/own-app.ts';

const wiringBy = (identity: PodIdentity): PodWiring => planIdentity(requestBy(identity)).wiring;
const role = arnOf('restarter');

const writtenOut: PodIdentity = { ...defaultIrsa, webhook: false, tokenExpirationSeconds: 900 };

interface PodTemplate {
  readonly metadata: { readonly annotations?: object };
  readonly spec: {
    readonly volumes: readonly { readonly name: string }[];
    readonly containers: readonly {
      readonly env: readonly { readonly name: string; readonly value?: string }[];
      readonly volumeMounts: readonly { readonly name: string }[];
    }[];
  };
}

const jobWith = (wiring: PodWiring) =>
  made((scope) => {
    new RestartPlanCronJob(scope, 'job', {
      namespace: 'tools',
      plan,
      serviceAccount: 'restarter',
      wiring,
      image: 'registry.example.com/rollcall:1',
      schedule: '15 2 * * 1',
      timeZone: 'Etc/UTC',
    });
  })['CronJob nightly'] as {
    readonly metadata: object;
    readonly spec: {
      readonly jobTemplate: { readonly metadata: object; readonly spec: { template: PodTemplate } };
    };
  };
const podOf = (wiring: PodWiring) => jobWith(wiring).spec.jobTemplate.spec.template;

describe('a restart’s pods', () => {
  it.each(['kiam', 'kube2iam'] as const)(
    'by %s are annotated themselves: not the CronJob, not the Job',
    (kind) => {
      const { metadata, spec } = jobWith(wiringBy(defaultIdentity[kind]));
      const annotations = { 'iam.amazonaws.com/role': role };
      expect(spec.jobTemplate.spec.template.metadata).toMatchObject({ annotations });
      for (const other of [metadata, spec.jobTemplate.metadata]) {
        expect(other).not.toHaveProperty('annotations');
      }
    },
  );

  it.each(['irsa', 'eks-pod-identity'] as const)(
    'by %s carry nothing: the cluster adds it to them',
    (kind) => {
      expect(podOf(wiringBy(defaultIdentity[kind]))).toEqual(podOf(noWiring));
    },
  );

  it('without the webhook have token and environment written out', () => {
    const { spec, metadata } = podOf(wiringBy(writtenOut));
    expect(metadata).not.toHaveProperty('annotations');
    expect(spec.volumes.slice(1)).toEqual([
      {
        name: 'aws-iam-token',
        projected: {
          sources: [
            {
              serviceAccountToken: {
                audience: 'sts.amazonaws.com',
                expirationSeconds: 900,
                path: 'token',
              },
            },
          ],
        },
      },
    ]);
    const [container] = spec.containers;
    expect(container?.volumeMounts.slice(1)).toEqual([
      {
        name: 'aws-iam-token',
        mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount',
        readOnly: true,
      },
    ]);
    expect(container?.env.slice(2)).toEqual([
      { name: 'AWS_REGION', value: 'eu-west-1' },
      { name: 'AWS_ROLE_ARN', value: role },
      { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
      {
        name: 'AWS_WEB_IDENTITY_TOKEN_FILE',
        value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
      },
    ]);
  });
});

describe('a restart’s NetworkPolicy', () => {
  interface Egress {
    readonly to: readonly {
      readonly ipBlock?: { readonly cidr: string; readonly except?: string[] };
    }[];
    readonly ports: readonly { readonly port: number }[];
  }
  const egress = (wiring: PodWiring): readonly Egress[] => {
    const { 'NetworkPolicy nightly-restart': policy } = made((scope) => {
      new RestartNetworkPolicy(scope, 'network', { namespace: 'tools', plan, wiring });
    });
    return (policy as { spec: { egress: Egress[] } }).spec.egress;
  };
  /** `cidr without except :port`, beyond DNS and TLS. */
  const beyond = (wiring: PodWiring) =>
    egress(wiring)
      .slice(2)
      .flatMap(({ to, ports }) =>
        to.map(({ ipBlock: { cidr, except = [] } = { cidr: '' } }) =>
          [
            cidr,
            ...except.map((one) => `without ${one}`),
            `:${ports.map(({ port }) => port).join()}`,
          ].join(' '),
        ),
      );

  const agent = [
    '169.254.169.254/32 :80',
    '0.0.0.0/0 without 169.254.169.254/32 :8181',
    '::/0 without fd00:ec2::254/128 :8181',
  ];
  it.each<readonly [PodIdentityKind, readonly string[]]>([
    ['irsa', []],
    ['eks-pod-identity', ['169.254.170.23/32 :80', 'fd00:ec2::23/128 :80']],
    ['kiam', agent],
    ['kube2iam', agent],
  ])('by %s lets them to %j beyond DNS and TLS', (kind, expected) => {
    const wiring = wiringBy(defaultIdentity[kind]);
    expect(beyond(wiring)).toEqual(expected);
    expect(egress(wiring).slice(0, 2)).toEqual(egress(noWiring));
  });
});
