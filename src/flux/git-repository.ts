import type { FluxDelivery, GitDelivery } from '../fleet/model.ts';
import type { KubeObject } from '../delivery/objects.ts';

/** Flux's source. The Secret that it names is made by hand, with a deploy key that may only read. */
export function gitRepository(
  { url, branch, secret }: GitDelivery,
  flux: FluxDelivery,
): KubeObject {
  const { name, namespace } = flux.source;
  const object = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name, namespace },
    spec: {
      interval: flux.interval,
      timeout: '1m',
      url,
      ref: { branch },
      ...(secret === undefined ? {} : { secretRef: { name: secret } }),
    },
  };
  return object;
}
