import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ClusterAccess, PodAccess } from '../src/access/graph.ts';
import { AwsConfigMap } from '../src/constructs/aws-config-map.ts';
import { IdentityServiceAccount } from '../src/constructs/identity-service-account.ts';
import { KeptNamespace } from '../src/constructs/kept-namespace.ts';
import { KubeconfigConfigMap } from '../src/constructs/kubeconfig-config-map.ts';
import { PlannedRestart } from '../src/constructs/planned-restart.ts';

export interface ClusterChartProps {
  readonly fleet: string;
  readonly access: ClusterAccess;
}

/** What a hub gets: identities of its services, and the restarts that they run. */
export class HubChart extends Chart {
  constructor(scope: Construct, id: string, { fleet, access }: ClusterChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    for (const { name, ownership, annotations } of access.namespaces) {
      // Someone else's gets its annotations added: applied as a whole it would be ours.
      if (ownership === 'existing') continue;
      new KeptNamespace(this, `namespace-${name}`, { name, fleet, annotations });
    }
    for (const pod of access.pods) {
      const { service, namespace } = pod;
      // As with namespaces.
      if (pod.serviceAccountOwnership === 'rollcall') {
        new IdentityServiceAccount(this, `identity-${service}`, {
          name: pod.serviceAccount,
          namespace,
          annotations: pod.wiring.serviceAccountAnnotations,
          // The job's pods ask for the token by themselves.
          ...(isOfRestart(access, pod) ? { automountToken: false } : {}),
          service,
          fleet,
        });
      }
      if (pod.awsConfig) {
        const config = pod.awsConfig;
        new AwsConfigMap(this, `aws-config-${service}`, { namespace, config, service, fleet });
      }
      if (pod.kubeconfig) {
        const { kubeconfig } = pod;
        new KubeconfigConfigMap(this, `kubeconfig-${service}`, {
          namespace,
          kubeconfig,
          service,
          fleet,
        });
      }
    }
    for (const restart of access.restarts) {
      new PlannedRestart(this, `restart-${restart.plan.restart}`, { restart });
    }
  }
}

const isOfRestart = (
  { restarts }: ClusterAccess,
  { namespace, serviceAccount }: PodAccess,
): boolean =>
  restarts.some((one) => one.namespace === namespace && one.serviceAccount === serviceAccount);
