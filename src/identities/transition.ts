import { mechanisms } from './mechanisms.ts';
import type { PodIdentityKind } from './pod-identity.ts';

/** Why pods of one ServiceAccount can't have two mechanisms at once, older ones and newer ones. */
export interface MixFault {
  readonly expected: string;
  readonly next: string;
}

/** Whether running pods can keep `from` while new ones get `to`; nothing where they can. */
export function mixFault(from: PodIdentityKind, to: PodIdentityKind): MixFault | undefined {
  const { holdsOn, takesMetadata } = mechanisms[from];
  if (holdsOn !== undefined) {
    return {
      expected: `a way that can stand beside another: ${holdsOn}`,
      next: 'Give the workloads a second service, with a ServiceAccount and a role of its own, and remove this one; or leave migratingFrom out: new pods have none until IAM and the cluster are both applied.',
    };
  }
  if (from !== to && takesMetadata === true && mechanisms[to].takesMetadata === true) {
    return {
      expected:
        'at most one agent in a cluster: both take over the address of the metadata service',
      next: 'Move to irsa or eks-pod-identity; to the other agent, if it must be, from there.',
    };
  }
  return undefined;
}
