import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { Kubeconfig, KubeconfigContext } from '../access/graph.ts';
import { recommendedLabels } from './labels.ts';

export interface KubeconfigConfigMapProps {
  readonly namespace: string;
  readonly kubeconfig: Kubeconfig;
  readonly service: string;
  readonly fleet: string;
}

/**
 * A kubeconfig as a file, `config`, with a context for each cluster that a service reaches. Tokens
 * are made by the `aws` command when they are needed: nothing in it is a secret.
 */
export class KubeconfigConfigMap extends Construct {
  constructor(scope: Construct, id: string, props: KubeconfigConfigMapProps) {
    super(scope, id);
    const { contexts } = props.kubeconfig;
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: contexts.map(clusterOf),
      users: contexts.map(userOf),
      contexts: contexts.map(({ cluster: { name } }) => ({
        name,
        context: { cluster: name, user: name },
      })),
    };
    new k8s.KubeConfigMap(this, 'ConfigMap', {
      metadata: {
        name: props.kubeconfig.configMap,
        namespace: props.namespace,
        labels: recommendedLabels({
          name: 'rollcall',
          instance: props.service,
          component: 'kubeconfig',
          partOf: props.fleet,
        }),
      },
      // client-go takes YAML 1.1 and some of 1.2: what either reads as other than a text is put in quotes.
      data: { config: stringify(kubeconfig, { version: '1.1', compat: 'core', lineWidth: 0 }) },
    });
  }
}

const clusterOf = ({ cluster: { name, connection } }: KubeconfigContext) => ({
  name,
  cluster: {
    server: connection?.endpoint,
    'certificate-authority-data': connection?.certificateAuthority,
  },
});

const userOf = ({ cluster, profile }: KubeconfigContext) => ({
  name: cluster.name,
  user: {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'aws',
      args: [
        ...['--region', cluster.region],
        ...['eks', 'get-token', '--cluster-name', cluster.eksCluster, '--output', 'json'],
      ],
      env: profile === undefined ? null : [{ name: 'AWS_PROFILE', value: profile }],
      interactiveMode: 'Never',
      provideClusterInfo: false,
    },
  },
});
