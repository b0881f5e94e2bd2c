/** How an operator names a restart and the hub that it runs in. */
export interface HubOptions {
  /** The fleet file that the restart stands in. Default: `fleet.yaml`, unless there is a namespace. */
  readonly fleet?: string;
  /** The namespace of the restart's service in the hub, in place of a fleet file. */
  readonly namespace?: string;
  /** Default: the files in `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Default: the kubeconfig's current one. */
  readonly context?: string;
}
