import { defaultEksPodIdentity, defaultIrsa } from '../identities/defaults.ts';
import { mixFault } from '../identities/transition.ts';
import type { Fault } from './codes.ts';
import { type IdentityDraft, kindOf } from './identity-draft.ts';

/** Why running pods can't have that way to their identity while new ones have this; nothing where they can. */
export function migrationFault(from: IdentityDraft, to: IdentityDraft): Fault | undefined {
  if (formOf(from) === formOf(to)) {
    return {
      code: 'fleet/migrating-from',
      found: `${kindOf(from)}, which podIdentity is as well`,
      expected: 'what the pods had before podIdentity was changed, as long as some still run',
      next: 'Remove migratingFrom; or write under podIdentity what the pods move to.',
    };
  }
  const fault = mixFault(kindOf(from), kindOf(to));
  return (
    fault && {
      code: 'fleet/migrating-from',
      found: `a move from ${kindOf(from)} to ${kindOf(to)}, with both at once`,
      ...fault,
    }
  );
}

/** What roles and sessions see of it: the same to them is no move. */
function formOf(identity: IdentityDraft): string {
  const { irsa, 'eks-pod-identity': eksPodIdentity } = identity;
  if (irsa) {
    const { hops, audience } = { ...defaultIrsa, ...irsa };
    return `irsa ${hops} ${audience}`;
  }
  if (eksPodIdentity) {
    const { targetRole, sessionTags } = { ...defaultEksPodIdentity, ...eksPodIdentity };
    return `eks-pod-identity ${targetRole} ${sessionTags}`;
  }
  return kindOf(identity);
}
