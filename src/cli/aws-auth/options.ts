import type { OutputFormat } from '../io.ts';

/** How an operator names a cluster of the fleet, and the way to its API server. */
export interface AwsAuthOptions {
  /** By its name in the fleet file. */
  readonly cluster: string;
  /** Default: `fleet.yaml`. */
  readonly fleet?: string;
  /** Default: the files in `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Default: the kubeconfig's current one. */
  readonly context?: string;
  /** How to print. */
  readonly output: OutputFormat;
}
