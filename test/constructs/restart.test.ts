import { describe, expect, it } from '@jest/globals';
import { exitCodes } from '../../jobs/restart/exit-code.ts';
import { RestartPlanCronJob } from '../../src/constructs/restart-plan-cron-job.ts';
import { RestartNetworkPolicy } from '../../src/constructs/restart-network-policy.ts';
import { labels, made, noWiring, plan, planWith } from './support/own-app.ts';

/** No retry changes them. */
const finalCodes = [
  exitCodes.misconfigured,
  exitCodes.incomplete,
  exitCodes.halted,
  exitCodes.cancelled,
];

describe('RestartNetworkPolicy', () => {
  const policy = (endpoints: readonly string[]) => {
    const targets = plan.targets.map((target, index) => {
      const endpoint = endpoints[index];
      return endpoint ? { ...target, connection: { endpoint, certificateAuthority: '' } } : target;
    });
    const { 'NetworkPolicy nightly-restart': made1 } = made((scope) => {
      new RestartNetworkPolicy(scope, 'network', {
        namespace: 'tools',
        plan: { ...plan, targets },
        wiring: noWiring,
      });
    });
    return made1 as { spec: { egress: { ports: { port: number; protocol: string }[] }[] } };
  };

  it('lets nobody in, and out to DNS and TLS alone, never to the node’s metadata', () => {
    expect(policy([])).toMatchObject({
      metadata: { namespace: 'tools' },
      spec: {
        podSelector: {
          matchLabels: {
            'app.kubernetes.io/name': 'rollcall-restart',
            'app.kubernetes.io/instance': 'nightly',
          },
        },
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          {
            to: [
              {
                namespaceSelector: {
                  matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
                },
                podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
              },
              { ipBlock: { cidr: '169.254.20.10/32' } },
            ],
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 53, protocol: 'TCP' },
            ],
          },
          {
            to: [
              { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
              { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128'] } },
            ],
            ports: [{ port: 443, protocol: 'TCP' }],
          },
        ],
      },
    });
  });

  it('opens the ports of the endpoints that are given', () => {
    const given = [
      'https://a.example.com',
      'https://b.example.com:6443',
      'https://[2001:db8::1]:6443',
    ];
    expect(policy(given).spec.egress[1]?.ports.map(({ port }) => port)).toEqual([443, 6443]);
  });

  it('opens the ports of each Prometheus that is asked, of gates and of blockers', () => {
    const at = (url: string) => ({ kind: 'prometheus', url, query: 'up' }) as const;
    const { 'NetworkPolicy nightly-restart': made1 } = made((scope) => {
      new RestartNetworkPolicy(scope, 'network', {
        namespace: 'tools',
        plan: planWith({
          blockers: [at('http://a.example.com/x'), at('https://b.example.com')],
          waves: [
            {
              name: 'all',
              soakSeconds: 0,
              gates: [
                { kind: 'approval', timeoutSeconds: 1 },
                { kind: 'check', check: at('http://[2001:db8::1]:9090/'), timeoutSeconds: 1 },
              ],
            },
          ],
        }),
        wiring: noWiring,
      });
    });
    expect(made1).toMatchObject({
      spec: { egress: [{}, { ports: [{ port: 80 }, { port: 443 }, { port: 9090 }] }] },
    });
  });
});

describe('RestartPlanCronJob', () => {
  const cronJob = (more: object = {}) =>
    made((scope) => {
      new RestartPlanCronJob(scope, 'job', {
        namespace: 'tools',
        plan,
        serviceAccount: 'restarter',
        wiring: noWiring,
        image: 'registry.example.com/rollcall:1',
        schedule: '15 2 * * 1',
        timeZone: 'Europe/London',
        ...more,
      });
    })['CronJob nightly'] as {
      spec: {
        startingDeadlineSeconds: number;
        jobTemplate: { spec: { activeDeadlineSeconds: number; template: { spec: PodSpec } } };
      };
    };
  interface PodSpec {
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly { readonly args: readonly string[] }[];
  }

  it('runs one at a time, by its time zone, and is tried again only where that can help', () => {
    expect(cronJob()).toMatchObject({
      apiVersion: 'batch/v1',
      metadata: { namespace: 'tools', labels: labels('rollcall-restart', 'nightly', 'restart') },
      spec: {
        schedule: '15 2 * * 1',
        timeZone: 'Europe/London',
        suspend: false,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 1800,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: { spec: { backoffLimit: 4 } },
      },
    });
    const { podFailurePolicy } = cronJob().spec.jobTemplate.spec as unknown as Record<
      string,
      unknown
    >;
    expect(podFailurePolicy).toEqual({
      rules: [
        {
          action: 'FailJob',
          onExitCodes: { containerName: 'restart', operator: 'In', values: finalCodes },
        },
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      ],
    });
  });

  it('is a pod of the restricted Pod Security Standard, with a read-only root and bounded memory', () => {
    const { template } = cronJob().spec.jobTemplate.spec;
    expect(template.spec).toEqual({
      serviceAccountName: 'restarter',
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 120,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'restart',
          image: 'registry.example.com/rollcall:1',
          imagePullPolicy: 'IfNotPresent',
          args: ['--plan', '/etc/rollcall/plan.json', '--grace-seconds', '110'],
          env: [
            {
              name: 'ROLLCALL_JOB_NAME',
              valueFrom: {
                fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" },
              },
            },
            {
              name: 'ROLLCALL_JOB_UID',
              valueFrom: {
                fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']" },
              },
            },
          ],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            privileged: false,
            readOnlyRootFilesystem: true,
          },
          terminationMessagePolicy: 'File',
          volumeMounts: [{ name: 'plan', mountPath: '/etc/rollcall', readOnly: true }],
        },
      ],
      volumes: [{ name: 'plan', configMap: { name: 'nightly-plan' } }],
    });
  });

  it('has its pods selected by the NetworkPolicy', () => {
    const { template } = cronJob().spec.jobTemplate.spec as unknown as {
      template: { metadata: { labels: object } };
    };
    expect(template.metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'rollcall-restart',
      'app.kubernetes.io/instance': 'nightly',
    });
  });

  it('may be told other deadlines, but none under which it would never run', () => {
    expect(cronJob({ startingDeadlineSeconds: 10 }).spec.startingDeadlineSeconds).toBe(10);
    expect(() => cronJob({ startingDeadlineSeconds: 9 })).toThrow(/under 10 it would never run/);
    const args = (terminationGracePeriodSeconds: number) =>
      cronJob({ terminationGracePeriodSeconds }).spec.jobTemplate.spec.template.spec.containers[0]
        ?.args;
    expect(args(60)?.at(-1)).toBe('50');
    expect(args(5)?.at(-1)).toBe('0');
  });
});
