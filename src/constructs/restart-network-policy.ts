import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { PodWiring } from '../identities/mechanism.ts';
import type { RestartPlan } from '../plan/restart-plan.ts';
import { anyAddress, dnsEgress, linkLocalEgress, networkPort } from './egress.ts';
import { restartLabels, restartSelector } from './restart-labels.ts';

export interface RestartNetworkPolicyProps {
  readonly namespace: string;
  readonly plan: RestartPlan;
  /** What the pods' AWS identity has them speak to. */
  readonly wiring: Pick<PodWiring, 'egress'>;
}

/**
 * A restart's pods speak DNS, TLS and what Prometheus speaks, and nobody speaks to them. A
 * NetworkPolicy can't name hosts, so 443 (and the port of each endpoint and each Prometheus that the
 * plan gives) is open to every address but the metadata service's. It takes effect where the cluster's
 * network plugin enforces policies; the Amazon VPC CNI does so only when that is enabled.
 */
export class RestartNetworkPolicy extends Construct {
  readonly networkPolicy: ApiObject;

  constructor(scope: Construct, id: string, props: RestartNetworkPolicyProps) {
    super(scope, id);
    const { plan, namespace } = props;
    this.networkPolicy = new k8s.KubeNetworkPolicy(this, 'NetworkPolicy', {
      metadata: { name: `${plan.restart}-restart`, namespace, labels: restartLabels(plan) },
      spec: {
        podSelector: { matchLabels: restartSelector(plan) },
        // Ingress without a rule lets nobody in. An empty list of rules says the same, but the API server
        // drops it, so that every apply would change the object again.
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          dnsEgress(),
          {
            to: anyAddress(),
            ports: serverPorts(plan).map((number) => networkPort(number, 'TCP')),
          },
          ...props.wiring.egress.flatMap(linkLocalEgress),
        ],
      },
    });
  }
}

/** 443 for AWS and EKS, and the ports of endpoints and of Prometheus that the fleet file gives. */
function serverPorts({ targets, strategy }: RestartPlan): readonly number[] {
  const endpoints = targets.flatMap(({ connection }) => connection?.endpoint ?? []);
  const gates = strategy.waves.flatMap((wave) => wave.gates);
  const checks = gates.flatMap((gate) => (gate.kind === 'check' ? [gate.check] : []));
  const urls = [...strategy.blockers, ...checks].flatMap((check) =>
    check.kind === 'prometheus' ? [check.url] : [],
  );
  return [...new Set([443, ...[...endpoints, ...urls].map(portOf)])].sort((a, b) => a - b);
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return Number(port || (protocol === 'http:' ? 80 : 443));
}
