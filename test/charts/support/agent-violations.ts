import type { Cluster } from '../../../src/fleet/model.ts';
import type { KubeObject } from './objects.ts';
import { podOf } from './objects.ts';

const tls = [
  '--cert=/etc/kiam/tls/tls.crt',
  '--key=/etc/kiam/tls/tls.key',
  '--ca=/etc/kiam/tls/ca.crt',
];

/** All of them, exactly: a default role, routes let through and namespaces unchecked are a flag each. */
function flagsOf(name: string, { region, kiam, kube2iam }: Cluster): readonly string[] | undefined {
  switch (name) {
    case 'kiam-server':
      return (
        kiam && [
          '--bind=0.0.0.0:9610',
          `--assume-role-arn=${kiam.serverRoleArn}`,
          `--role-base-arn=${kiam.serverRoleArn.replace(/\/.*/, '/')}`,
          `--region=${region}`,
          `--session-duration=${kiam.sessionSeconds}s`,
          ...tls,
          '--json-log',
        ]
      );
    case 'kiam-agent':
      return (
        kiam && [
          '--iptables',
          // Without its rules a node's own role would be any pod's.
          '--no-iptables-remove',
          `--host-interface=${kiam.hostInterface}`,
          '--port=8181',
          '--server-address=kiam-server:9610',
          '--gateway-timeout-creation=5s',
          ...tls,
          '--json-log',
        ]
      );
    case 'kube2iam':
      return (
        kube2iam && [
          '--namespace-restrictions',
          `--namespace-restriction-format=${kube2iam.format}`,
          '--iptables=true',
          '--host-ip=$(HOST_IP)',
          `--host-interface=${kube2iam.hostInterface}`,
          '--node=$(NODE_NAME)',
          '--app-port=8181',
          `--iam-role-session-ttl=${kube2iam.sessionSeconds}s`,
          '--use-regional-sts-endpoint',
          '--log-format=json',
        ]
      );
    default:
      return undefined;
  }
}

/** An agent that the fleet file doesn't ask for, or that is told other than what it says. */
export function agentViolations(object: KubeObject, cluster: Cluster | undefined) {
  if (object.kind !== 'DaemonSet') return [];
  const { name } = object.metadata;
  const containers = podOf(object)?.containers ?? [];
  const flags = cluster && flagsOf(name, cluster);
  return containers.length === 1 && flags?.join('\n') === containers[0]?.args?.join('\n')
    ? []
    : [`DaemonSet ${name}: its flags are not those of the fleet file`];
}
