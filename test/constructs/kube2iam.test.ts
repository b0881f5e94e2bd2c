import { describe, expect, it } from '@jest/globals';
import { hostInterfaces } from '../../src/constructs/kube2iam/host-interface.ts';
import { Kube2iam, type Kube2iamProps } from '../../src/constructs/kube2iam/kube2iam.ts';
import type { Region } from '../../src/names/arn.ts';
import { labels, made } from './support/own-app.ts';

const region = 'eu-west-1' as Region;

describe('Kube2iam', () => {
  const kube2iam = (more: Partial<Kube2iamProps> = {}) =>
    made((scope) => {
      new Kube2iam(scope, 'agent', { fleet: 'fleet', namespace: 'kube-system', region, ...more });
    });
  const metadata = {
    name: 'kube2iam',
    namespace: 'kube-system',
    labels: labels('kube2iam', 'kube2iam', 'agent'),
  };
  const selector = {
    'app.kubernetes.io/name': 'kube2iam',
    'app.kubernetes.io/instance': 'kube2iam',
    'app.kubernetes.io/component': 'agent',
  };

  it('sees pods and namespaces, and nothing else', () => {
    const objects = kube2iam();
    const name = 'rollcall:fleet:kube2iam';
    expect(Object.keys(objects)).toEqual([
      'ServiceAccount kube2iam',
      `ClusterRole ${name}`,
      `ClusterRoleBinding ${name}`,
      'DaemonSet kube2iam',
    ]);
    expect(objects['ServiceAccount kube2iam']).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      automountServiceAccountToken: false,
    });
    expect(objects[`ClusterRole ${name}`]).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name, labels: metadata.labels },
      rules: [{ apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['list', 'watch'] }],
    });
    expect(objects[`ClusterRoleBinding ${name}`]).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name, labels: metadata.labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: 'kube2iam', namespace: 'kube-system' }],
    });
  });

  it('takes over the metadata service on every node, and asks each namespace who may have what', () => {
    expect(kube2iam()['DaemonSet kube2iam']).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: {
        selector: { matchLabels: selector },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
        template: {
          metadata: { labels: selector },
          spec: {
            serviceAccountName: 'kube2iam',
            automountServiceAccountToken: true,
            enableServiceLinks: false,
            priorityClassName: 'system-node-critical',
            hostNetwork: true,
            dnsPolicy: 'ClusterFirstWithHostNet',
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: [
                        {
                          key: 'eks.amazonaws.com/compute-type',
                          operator: 'NotIn',
                          values: ['fargate'],
                        },
                      ],
                    },
                  ],
                },
              },
            },
            tolerations: [{ operator: 'Exists' }],
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'kube2iam',
                image: 'jtblin/kube2iam:0.13.0',
                imagePullPolicy: 'IfNotPresent',
                args: [
                  '--namespace-restrictions',
                  '--namespace-restriction-format=glob',
                  '--iptables=true',
                  '--host-ip=$(HOST_IP)',
                  '--host-interface=eni+',
                  '--node=$(NODE_NAME)',
                  '--app-port=8181',
                  '--iam-role-session-ttl=900s',
                  '--use-regional-sts-endpoint',
                  '--log-format=json',
                ],
                env: [
                  { name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
                  { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
                  { name: 'AWS_REGION', value: 'eu-west-1' },
                ],
                ports: [{ name: 'http', containerPort: 8181 }],
                resources: {
                  requests: { cpu: '20m', memory: '64Mi' },
                  limits: { memory: '256Mi' },
                },
                readinessProbe: {
                  httpGet: { path: '/healthz', port: 8181 },
                  periodSeconds: 10,
                  timeoutSeconds: 5,
                },
                livenessProbe: {
                  httpGet: { path: '/healthz', port: 8181 },
                  initialDelaySeconds: 30,
                  periodSeconds: 30,
                  timeoutSeconds: 5,
                  failureThreshold: 10,
                },
                securityContext: {
                  runAsUser: 0,
                  privileged: false,
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] },
                },
                terminationMessagePolicy: 'FallbackToLogsOnError',
                volumeMounts: [{ name: 'xtables-lock', mountPath: '/run/xtables.lock' }],
              },
            ],
            volumes: [
              {
                name: 'xtables-lock',
                hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' },
              },
            ],
          },
        },
      },
    });
  });

  it.each([
    [{ format: 'regexp' }, '--namespace-restriction-format=regexp'],
    [{ sessionSeconds: 450 }, '--iam-role-session-ttl=450s'],
    [{ sessionSeconds: 1800 }, '--iam-role-session-ttl=1800s'],
    [{ port: 9191 }, '--app-port=9191'],
    ...Object.values(hostInterfaces).map(
      (hostInterface) => [{ hostInterface }, `--host-interface=${hostInterface}`] as const,
    ),
    [{ hostInterface: 'kube-bridge' }, '--host-interface=kube-bridge'],
  ] as const)('is told %j', (more, argument) => {
    expect(kube2iam(more)['DaemonSet kube2iam']).toMatchObject({
      spec: {
        template: {
          spec: { containers: [{ args: expect.arrayContaining([argument]) as unknown }] },
        },
      },
    });
  });

  it('runs where it is told to, as many at a time', () => {
    const daemonSet = kube2iam({
      nodeSelector: { pool: 'old' },
      tolerations: [{ key: 'old', operator: 'Exists' }],
      maxUnavailable: 2,
      image: 'registry.example.com/kube2iam:1',
    })['DaemonSet kube2iam'];
    expect(daemonSet).toMatchObject({
      spec: {
        updateStrategy: { rollingUpdate: { maxUnavailable: 2 } },
        template: {
          spec: {
            nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'old' },
            tolerations: [{ key: 'old', operator: 'Exists' }],
            containers: [{ image: 'registry.example.com/kube2iam:1' }],
          },
        },
      },
    });
  });

  it.each([
    [{ sessionSeconds: 449 }, 'sessionSeconds of kube2iam is 449; expected 450 to 1800'],
    [{ sessionSeconds: 1801 }, 'sessionSeconds of kube2iam is 1801; expected 450 to 1800'],
    [{ sessionSeconds: NaN }, 'sessionSeconds of kube2iam is NaN; expected 450 to 1800'],
    [{ hostInterface: '!eth0' }, 'hostInterface of kube2iam is "!eth0"; expected'],
    [{ hostInterface: 'eni+ -j' }, 'hostInterface of kube2iam is "eni+ -j"; expected'],
    [{ hostInterface: '$(HOST_IP)' }, 'hostInterface of kube2iam is "$(HOST_IP)"; expected'],
  ])('refuses %j', (more, message) => {
    expect(() => kube2iam(more)).toThrow(message);
  });
});
