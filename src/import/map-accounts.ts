import { isScalar, isSeq, parseDocument } from 'yaml';
import type { LeftOut } from './facts.ts';

/**
 * The accounts all of whose users and roles an aws-auth lets in, each as the user that its ARN is
 * (aws-iam-authenticator, README, "Full Configuration Format", `mapAccounts`). A fleet file lets
 * principals in one by one: each account is told, and left out.
 */
export function accountsIn({
  cluster,
  sections,
}: {
  readonly cluster: string;
  readonly sections: { readonly mapAccounts?: string };
}): readonly LeftOut[] {
  // As the authenticator's parser reads it; an id without quotes is shown as it is written.
  const options = { version: '1.1', logLevel: 'silent' } as const;
  const { contents, errors } = parseDocument(sections.mapAccounts ?? '', options);
  const isNothing = contents === null || (isScalar(contents) && contents.value === null);
  if (isNothing && errors.length === 0) return [];
  if (errors.length > 0 || !isSeq(contents)) {
    return [
      {
        what: `mapAccounts of ${cluster}`,
        why: 'it is no list of accounts',
        next: 'Repair it in the cluster, and export it anew.',
      },
    ];
  }
  const ids = contents.items.map((item) => (isScalar(item) ? item.source : 'one that is no text'));
  return [...new Set(ids)].map((id) => ({
    what: `mapAccounts of ${cluster}, account ${id}`,
    why: 'it lets in every IAM user and role of the account, and a fleet file names each',
    next: 'Write those who need it as users, by their ARNs.',
  }));
}
