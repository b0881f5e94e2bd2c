import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KiamAgent, type KiamAgentProps } from '../../src/constructs/kiam/kiam-agent.ts';
import { literalArgument } from '../../src/constructs/kiam/literal-argument.ts';
import { args, common, metadata, podSpec, selector, tls, tlsMount } from './kiam-parts.ts';
import { made } from './support/own-app.ts';

describe('KiamAgent', () => {
  const agent = (more: Partial<KiamAgentProps> = {}) =>
    made((scope) => {
      new KiamAgent(scope, 'agent', { ...common, ...more });
    });
  const not = (key: string, value: string) => ({ key, operator: 'NotIn', values: [value] });
  const fargate = not('eks.amazonaws.com/compute-type', 'fargate');

  it('takes over the metadata service on every node but the server’s', () => {
    const objects = agent();
    expect(Object.keys(objects)).toEqual(['ServiceAccount kiam-agent', 'DaemonSet kiam-agent']);
    expect(objects['ServiceAccount kiam-agent']).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadata('agent'),
      automountServiceAccountToken: false,
    });
    expect(objects['DaemonSet kiam-agent']).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadata('agent'),
      spec: {
        selector: { matchLabels: selector('agent') },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
        template: {
          metadata: { labels: selector('agent') },
          spec: {
            serviceAccountName: 'kiam-agent',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: 'system-node-critical',
            hostNetwork: true,
            dnsPolicy: 'ClusterFirstWithHostNet',
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [fargate, not('kiam-server', 'true')] }],
                },
              },
            },
            tolerations: [{ operator: 'Exists' }],
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'agent',
                image: 'quay.io/uswitch/kiam:v4.2',
                imagePullPolicy: 'IfNotPresent',
                command: ['/kiam', 'agent'],
                args: [
                  '--iptables',
                  '--no-iptables-remove',
                  '--host-interface=eni+',
                  '--port=8181',
                  '--server-address=kiam-server:9610',
                  '--gateway-timeout-creation=5s',
                  ...tls,
                  '--json-log',
                ],
                env: [{ name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }],
                ports: [{ name: 'http', containerPort: 8181 }],
                resources: {
                  requests: { cpu: '20m', memory: '32Mi' },
                  limits: { memory: '128Mi' },
                },
                readinessProbe: {
                  httpGet: { path: '/health?deep=1', port: 8181 },
                  periodSeconds: 10,
                  timeoutSeconds: 6,
                },
                livenessProbe: {
                  httpGet: { path: '/ping', port: 8181 },
                  initialDelaySeconds: 3,
                  periodSeconds: 10,
                  timeoutSeconds: 5,
                },
                securityContext: {
                  runAsUser: 0,
                  privileged: false,
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] },
                },
                terminationMessagePolicy: 'FallbackToLogsOnError',
                volumeMounts: [tlsMount, { name: 'xtables-lock', mountPath: '/run/xtables.lock' }],
              },
            ],
            volumes: [
              { name: 'tls', secret: { secretName: 'kiam-agent-tls', defaultMode: 0o400 } },
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
    [{ hostInterface: 'cali+' }, '--host-interface=cali+'],
    [{ hostInterface: '!eth0' }, '--host-interface=!eth0'],
    [
      { allowRouteRegexp: '^/latest/(a$(b)|$$c$)$' },
      '--allow-route-regexp=^/latest/(a$$(b)|$$$c$)$',
    ],
    [{ gatewayTimeoutSeconds: 1 }, '--gateway-timeout-creation=1s'],
    [{ port: 3100 }, '--port=3100'],
  ])('is told %j', (more, argument) => {
    expect(args(agent(more)['DaemonSet kiam-agent'])).toContain(argument);
  });

  it('keeps off nodes that have all the labels of the server’s, not off those with one', () => {
    const pods = podSpec(
      agent({ serverNodes: { pool: 'kiam', zone: 'a' } })['DaemonSet kiam-agent'],
    );
    expect(pods['affinity']).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [fargate, not('pool', 'kiam')] },
            { matchExpressions: [fargate, not('zone', 'a')] },
          ],
        },
      },
    });
  });

  it.each([
    '',
    '!',
    '!!eth0',
    '-i',
    'eni+ -j ACCEPT',
    'e'.repeat(16),
    `${'e'.repeat(15)}+`,
    'a+b',
    '../x',
    '$(X)',
    'a\n',
  ])('refuses the interface %j', (hostInterface) => {
    expect(() => agent({ hostInterface })).toThrow('hostInterface of kiam is');
  });
});

describe('literalArgument', () => {
  /** `Expand` of kubernetes/kubernetes, third_party/forked/golang/expansion/expand.go. */
  const expand = (text: string) =>
    text.replace(/\$(?:(\$)|\(([^)]*)\))/g, (_, dollar?: string) => dollar ?? 'filled in');

  it('comes out of Kubernetes as it went in', () => {
    const texts = fc.stringMatching(/^[$()a]{0,12}$/);
    fc.assert(
      fc.property(texts, (text) => {
        expect(expand(literalArgument(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
    expect(expand('$(a)')).toBe('filled in');
  });
});
