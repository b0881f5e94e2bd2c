import { describe, expect, it } from '@jest/globals';
import { KiamServer, type KiamServerProps } from '../../src/constructs/kiam/kiam-server.ts';
import type { Region, RoleArn } from '../../src/names/arn.ts';
import { args, common, metadata, podSpec, selector, tls, tlsMount } from './kiam-parts.ts';
import { made, role } from './support/own-app.ts';

describe('KiamServer', () => {
  const server = (more: Partial<KiamServerProps> = {}) =>
    made((scope) => {
      new KiamServer(scope, 'server', { ...common, roleArn: role, ...more });
    });
  const serverPods = (more: Partial<KiamServerProps>) =>
    podSpec(server(more)['DaemonSet kiam-server']);

  it('sees pods and namespaces, writes events, and nothing else', () => {
    const objects = server();
    expect(Object.keys(objects)).toEqual([
      'ServiceAccount kiam-server',
      'ClusterRole rollcall:fleet:kiam-server',
      'ClusterRoleBinding rollcall:fleet:kiam-server',
      'Service kiam-server',
      'DaemonSet kiam-server',
    ]);
    expect(objects['ServiceAccount kiam-server']).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadata('server'),
      automountServiceAccountToken: false,
    });
    const name = 'rollcall:fleet:kiam-server';
    const cluster = { name, labels: metadata('server').labels };
    expect(objects[`ClusterRole ${name}`]).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: cluster,
      rules: [
        { apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['list', 'watch'] },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
      ],
    });
    expect(objects[`ClusterRoleBinding ${name}`]).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: cluster,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: 'kiam-server', namespace: 'iam' }],
    });
  });

  it('is found by a headless Service, at the port that agents name', () => {
    expect(server()['Service kiam-server']).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('server'),
      spec: {
        clusterIP: 'None',
        selector: selector('server'),
        ports: [{ name: 'grpc', port: 9610, protocol: 'TCP' }],
      },
    });
  });

  it('runs on its own nodes, as nobody, with its certificate', () => {
    const health = {
      exec: {
        command: [
          '/kiam',
          'health',
          ...tls,
          '--server-address=127.0.0.1:9610',
          '--gateway-timeout-creation=1s',
          '--timeout=5s',
        ],
      },
      periodSeconds: 10,
      timeoutSeconds: 10,
    };
    expect(server()['DaemonSet kiam-server']).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadata('server'),
      spec: {
        selector: { matchLabels: selector('server') },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
        template: {
          metadata: { labels: selector('server') },
          spec: {
            serviceAccountName: 'kiam-server',
            automountServiceAccountToken: true,
            enableServiceLinks: false,
            priorityClassName: 'system-cluster-critical',
            nodeSelector: { 'kubernetes.io/os': 'linux', 'kiam-server': 'true' },
            tolerations: [{ key: 'kiam-server', operator: 'Equal', value: 'true' }],
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65534,
              runAsGroup: 65534,
              fsGroup: 65534,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name: 'server',
                image: 'quay.io/uswitch/kiam:v4.2',
                imagePullPolicy: 'IfNotPresent',
                command: ['/kiam', 'server'],
                args: [
                  '--bind=0.0.0.0:9610',
                  '--assume-role-arn=arn:aws:iam::000000000001:role/restarter',
                  '--role-base-arn-autodetect',
                  '--session-duration=900s',
                  ...tls,
                  '--json-log',
                ],
                ports: [{ name: 'grpc', containerPort: 9610, protocol: 'TCP' }],
                resources: {
                  requests: { cpu: '50m', memory: '128Mi' },
                  limits: { memory: '512Mi' },
                },
                readinessProbe: { ...health, initialDelaySeconds: 3 },
                livenessProbe: { ...health, initialDelaySeconds: 10 },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                  privileged: false,
                  readOnlyRootFilesystem: true,
                },
                terminationMessagePolicy: 'FallbackToLogsOnError',
                volumeMounts: [tlsMount],
              },
            ],
            volumes: [
              { name: 'tls', secret: { secretName: 'kiam-server-tls', defaultMode: 0o440 } },
            ],
          },
        },
      },
    });
  });

  it.each([
    [
      { baseArn: 'arn:aws-cn:iam::000000000001:role/team/' },
      '--role-base-arn=arn:aws-cn:iam::000000000001:role/team/',
    ],
    [{ region: 'eu-west-1' as Region }, '--region=eu-west-1'],
    [{ sessionSeconds: 3600 }, '--session-duration=3600s'],
    [
      { roleArn: 'arn:aws:iam::000000000001:role/$(HOME)/$$/a' as RoleArn },
      '--assume-role-arn=arn:aws:iam::000000000001:role/$$(HOME)/$$$/a',
    ],
  ])('is told %j', (more, argument) => {
    expect(args(server(more)['DaemonSet kiam-server'])).toContain(argument);
  });

  it('is not told to ask for a base ARN that is given', () => {
    const given = server({ baseArn: 'arn:aws:iam::000000000001:role/' });
    expect(args(given['DaemonSet kiam-server'])).not.toContain('--role-base-arn-autodetect');
  });

  it('runs where it is told to', () => {
    expect(serverPods({ nodeSelector: { pool: 'kiam', zone: 'a' } })).toMatchObject({
      nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'kiam', zone: 'a' },
      tolerations: [
        { key: 'pool', operator: 'Equal', value: 'kiam' },
        { key: 'zone', operator: 'Equal', value: 'a' },
      ],
    });
    expect(serverPods({ tolerations: [] })).toMatchObject({ tolerations: [] });
    expect(serverPods({ hostNetwork: true })).toMatchObject({
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
    });
  });

  it.each([
    [{ sessionSeconds: 899 }, 'sessionSeconds of kiam is 899; expected 900 to 3600'],
    [{ sessionSeconds: 3601 }, 'sessionSeconds of kiam is 3601; expected 900 to 3600'],
    [{ sessionSeconds: 900.5 }, 'sessionSeconds of kiam is 900.5; expected 900 to 3600'],
    [{ baseArn: 'arn:aws:iam::000000000001:role' }, 'baseArn of kiam is'],
    [{ baseArn: 'arn:aws:iam::000000000001:role/a' }, 'baseArn of kiam is'],
    [{ baseArn: 'arn:aws:iam::000000000001:role/a b/' }, 'baseArn of kiam is'],
    [{ baseArn: '/' }, 'baseArn of kiam is'],
  ])('refuses %j', (more, message) => {
    expect(() => server(more)).toThrow(message);
  });
});
