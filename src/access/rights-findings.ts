import type { User, UserRight, UserRule } from '../fleet/model.ts';
import type { Finding } from './findings.ts';

/** Groups, resources and verbs, of which one each is enough. */
type Power = Pick<UserRule, 'groups' | 'resources' | 'verbs'>;

const rbac = ['rbac.authorization.k8s.io'];
/**
 * To become others, or to give rights (kubernetes.io, "Role Based Access Control Good Practices",
 * privilege escalation risks).
 */
const ofAdministrators: readonly Power[] = [
  { groups: [''], resources: ['users', 'groups', 'serviceaccounts'], verbs: ['impersonate'] },
  {
    groups: ['authentication.k8s.io'],
    resources: ['uids', 'userextras'],
    verbs: ['impersonate'],
  },
  { groups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
  { groups: rbac, resources: ['roles', 'clusterroles'], verbs: ['bind', 'escalate'] },
  {
    groups: rbac,
    resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    verbs: ['create', 'update', 'patch'],
  },
];
/** To read credentials, or to be where they are. */
const sensitive: readonly Power[] = [
  { groups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] },
  { groups: [''], resources: ['pods/exec', 'pods/attach'], verbs: ['get', 'create'] },
];

/**
 * Access policies that hold the same in the whole cluster (EKS user guide, "Review access policy
 * permissions"): the first three may impersonate every ServiceAccount, as Kubernetes' own `edit` may.
 */
const adminPolicies = [
  'AmazonEKSClusterAdminPolicy',
  'AmazonEKSAdminPolicy',
  'AmazonEKSEditPolicy',
];
const sensitivePolicies = ['AmazonEKSSecretReaderPolicy', 'AmazonEKSAdminViewPolicy'];

/** In kube-system stand ServiceAccounts that may do everything. */
const isEverywhere = (namespaces: readonly string[]): boolean =>
  namespaces.length === 0 || namespaces.includes('kube-system');

/** Rights of an administrator, or nearly: `breakGlass` says that they are meant. */
export function rightsFindings(user: User): readonly Finding[] {
  if (user.breakGlass) return [];
  const { path } = user;
  return [
    ...user.rights.flatMap((right, index) => ofRight(right, [...path, 'rights', index])),
    ...policyFindings(user),
  ];
}

function ofRight(right: UserRight, path: Finding['path']): readonly Finding[] {
  const everywhere = isEverywhere(right.namespaces);
  if (right.kind === 'level') {
    if (right.level === 'view' || !everywhere) return [];
    const found = `the level ${right.level} ${where(right.namespaces)}, which is to impersonate each ServiceAccount there`;
    return [clusterAdmin(found, path)];
  }
  const strong = powerIn(right.rules, ofAdministrators);
  if (strong !== undefined) {
    const found = `a rule to ${strong} ${where(right.namespaces)}, by which one becomes others or gives rights`;
    return [everywhere ? clusterAdmin(found, path) : sensitiveRights(found, path)];
  }
  // Of names that are given it is known what they lead to.
  const unnamed = right.rules.filter(({ names }) => names.length === 0);
  const some = powerIn(unnamed, sensitive);
  return some === undefined
    ? []
    : [sensitiveRights(`a rule to ${some} ${where(right.namespaces)}`, path)];
}

function policyFindings({ accessPolicies, path }: User): readonly Finding[] {
  const broad = accessPolicies.filter(({ namespaces }) => isEverywhere(namespaces));
  const admins = broad.find(({ policy }) => adminPolicies.includes(policy));
  if (admins) return [clusterAdmin(`${admins.policy} ${where(admins.namespaces)}`, path)];
  const reads = broad.find(({ policy }) => sensitivePolicies.includes(policy));
  if (!reads) return [];
  return [sensitiveRights(`${reads.policy} ${where(reads.namespaces)}, which reads Secrets`, path)];
}

const where = (namespaces: readonly string[]): string =>
  namespaces.length === 0 ? 'in the whole cluster' : `in ${namespaces.join(', ')}`;

/** `impersonate users`, of the first power that a rule has. */
function powerIn(rules: readonly UserRule[], powers: readonly Power[]): string | undefined {
  for (const rule of rules) {
    for (const { groups, resources, verbs } of powers) {
      const resource = resources.find((one) => rule.resources.some((given) => covers(given, one)));
      const verb = verbs.find((one) => rule.verbs.some((given) => covers(given, one)));
      const hasGroup = groups.some((one) => rule.groups.some((given) => covers(given, one)));
      if (hasGroup && resource !== undefined && verb !== undefined) return `${verb} ${resource}`;
    }
  }
  return undefined;
}

/** `*`, or of subresources such as `pods/exec` also `*` + `/exec` (kubernetes, pkg/apis/rbac, ResourceMatches). */
const covers = (given: string, wanted: string): boolean =>
  given === '*' ||
  given === wanted ||
  (wanted.includes('/') && given === wanted.replace(/^[^/]*/, '*'));

export const clusterAdmin = (found: string, path: Finding['path']): Finding => ({
  code: 'finding/cluster-admin',
  path,
  found,
  expected: 'rights by name, or breakGlass: true for whoever is called in an emergency',
  next: 'Give it rights in namespaces, such as {level: edit, namespaces: [shop]}, or set breakGlass: true.',
});

const sensitiveRights = (found: string, path: Finding['path']): Finding => ({
  code: 'finding/sensitive-rights',
  path,
  found,
  expected: 'rights that reach no credentials of others, or breakGlass: true',
  next: 'Leave it out, or narrow it: to Secrets by their names, or to {level: view}.',
});
