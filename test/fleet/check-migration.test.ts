import { expect, it } from '@jest/globals';
import { migrationFault } from '../../src/fleet/check-migration.ts';
import type { IdentityDraft } from '../../src/fleet/identity-draft.ts';

const same = /^\S+, which podIdentity is as well$/;
const both = /^a move from \S+ to \S+, with both at once$/;
const pods = (options: object): IdentityDraft => ({ 'eks-pod-identity': options });

it.each<readonly [IdentityDraft, IdentityDraft, RegExp | undefined]>([
  [{ irsa: {} }, { irsa: { hops: 2, webhook: false } }, same],
  [{ irsa: { hops: 1 } }, { irsa: {} }, undefined],
  [{ kiam: {} }, { kiam: {} }, same],
  [pods({}), pods({ targetRole: false, sessionTags: true }), same],
  [pods({ sessionTags: false }), pods({}), both],
  [pods({}), pods({ targetRole: true }), both],
  [pods({}), { irsa: {} }, both],
])('a move from %j to %j', (from, to, found) => {
  const fault = migrationFault(from, to);
  if (found) expect(fault?.found).toMatch(found);
  else expect(fault).toBeUndefined();
  // Of an association it is said why.
  if (found === both) expect(fault?.expected).toContain('its association');
});
