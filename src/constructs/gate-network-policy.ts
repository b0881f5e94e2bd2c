import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { RestartPlan } from '../plan/restart-plan.ts';
import { anyAddress, dnsEgress } from './egress.ts';
import { hasJobGate } from './restart-checks.ts';
import { gateSelector, restartLabels } from './restart-labels.ts';

export interface GateNetworkPolicyProps {
  readonly namespace: string;
  readonly plan: RestartPlan;
}

/**
 * Nobody speaks to the pods of a restart's gate Jobs, and they speak to everybody but the metadata
 * service, on every port: what a user's command asks is not known. Nothing is made where no gate is a
 * Job. As to where it takes effect: see `RestartNetworkPolicy`.
 */
export class GateNetworkPolicy extends Construct {
  constructor(scope: Construct, id: string, props: GateNetworkPolicyProps) {
    super(scope, id);
    const { plan, namespace } = props;
    if (!hasJobGate(plan.strategy)) return;
    new k8s.KubeNetworkPolicy(this, 'NetworkPolicy', {
      metadata: { name: `${plan.restart}-gates`, namespace, labels: restartLabels(plan) },
      spec: {
        podSelector: { matchLabels: gateSelector(plan) },
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          dnsEgress(),
          // To some network plugins pods are no addresses of a block (Cilium): they are named besides.
          { to: [...anyAddress(), { namespaceSelector: {} }] },
        ],
      },
    });
  }
}
