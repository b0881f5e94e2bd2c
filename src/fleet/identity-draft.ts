import type { PodIdentityKind } from '../identities/pod-identity.ts';
import type { ClusterDraft } from './check-selector.ts';

/** A way to an identity as the file says it, with holes. It has one key. */
export type IdentityDraft = NonNullable<Exclude<ClusterDraft['podIdentity'], string>>;

/** What has it: a cluster or a service. */
export type IdentityHolder = Pick<ClusterDraft, IdentityKey>;

export const identityKeys = ['podIdentity', 'migratingFrom'] as const;
export type IdentityKey = (typeof identityKeys)[number];

/** Nothing where it is in doubt. The word alone stands for a map without options. */
export function identityOf(holder: IdentityHolder, key: IdentityKey): IdentityDraft | undefined {
  const value = holder[key];
  if (!(key in holder)) return key === 'podIdentity' ? { irsa: {} } : undefined;
  if (typeof value === 'string') return { [value]: {} };
  return value && Object.keys(value).length === 1 ? value : undefined;
}

export const kindOf = (identity: IdentityDraft): PodIdentityKind =>
  Object.keys(identity)[0] as PodIdentityKind;
