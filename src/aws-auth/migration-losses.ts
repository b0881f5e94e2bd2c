import type { PlannedEntry } from './migration-entry.ts';
import type { Mapping } from './sections.ts';

/**
 * What of an `aws-auth` entry the access entry in its place leaves out: the user name and groups that
 * others' bindings may name. An administrator of the whole cluster loses nothing.
 */
export function lossesOf({ username, groups }: Mapping, entry: PlannedEntry): readonly string[] {
  if (entry.policies.some(isAdministrators)) return [];
  const left = [...new Set(groups)].filter((group) => !entry.groups.includes(group));
  return [
    ...(username === '' || username === entry.username ? [] : [`user ${username}`]),
    ...left.map((group) => `group ${group}`),
  ];
}

const isAdministrators = ({ policyArn, namespaces }: PlannedEntry['policies'][number]): boolean =>
  policyArn.endsWith('/AmazonEKSClusterAdminPolicy') && namespaces.length === 0;
