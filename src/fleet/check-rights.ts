import { otherCaseOf } from '../form/access-policies.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportRepeated, reportRepeats } from './references.ts';
import type { UserDraft } from './shape.ts';
import { listed } from './suggest.ts';

/** A user's rights, each there once and named where it must be; access policies where there are any. */
export function checkRights(
  user: UserDraft,
  path: FleetPath,
  auth: readonly string[],
  problems: Problems,
): void {
  const rights = (user.rights ?? []).map((right, index) => ({
    ...right,
    path: [...path, 'rights', index] as FleetPath,
  }));
  reportRepeats(problems, rights, {
    code: 'fleet/duplicate-name',
    // A level's binding and the rules' Role have one name.
    key: ({ level, name }) => level ?? name,
    path: (right) => [...right.path, right.level === undefined ? 'name' : 'level'],
    found: ({ level, name = '' }) => `a second right "${level ?? name}"`,
    expected: 'every right of a user once',
    next: 'Put the namespaces of both into one list, or rename one.',
  });
  for (const right of rights) {
    reportRepeated(problems, right.namespaces, [...right.path, 'namespaces']);
    if ('level' in right && 'name' in right && !('rules' in right)) {
      problems.add({
        code: 'fleet/misplaced-key',
        path: [...right.path, 'name'],
        atKey: true,
        found: 'name, beside level',
        expected: 'name beside rules alone, whose Role it names',
        next: 'Remove it.',
      });
    }
    if ('rules' in right && !('name' in right)) {
      problems.add({
        code: 'fleet/missing-key',
        path: [...right.path, 'name'],
        found: 'no key "name"',
        expected: 'name: it names the Role of the rules',
        next: 'Add the key "name".',
      });
    }
  }
  checkAccessPolicies(user, [...path, 'accessPolicies'], auth, problems);
}

function checkAccessPolicies(
  { accessPolicies = [] }: UserDraft,
  path: FleetPath,
  auth: readonly string[],
  problems: Problems,
): void {
  const policies = accessPolicies.map((policy, index) => ({ ...policy, path: [...path, index] }));
  reportRepeats(problems, policies, {
    code: 'fleet/repeated',
    key: ({ policy }) => policy,
    path: (policy) => [...policy.path, 'policy'],
    found: ({ policy = '' }) => `the access policy ${policy} a second time`,
    expected: 'every access policy of a user once',
    next: 'Put the namespaces of both into one list.',
  });
  for (const policy of policies) {
    reportRepeated(problems, policy.namespaces, [...policy.path, 'namespaces']);
    reportOtherCase(problems, policy.policy, [...policy.path, 'policy']);
  }
  if (policies.length === 0 || auth.length === 0) return;
  problems.add({
    code: 'fleet/entries-only',
    path,
    atKey: true,
    found: `access policies, and aws-auth in ${listed(auth, 3)}`,
    expected: 'clusters with accessControl: access-entries alone',
    next: 'Narrow the clusters, or write rights, which hold in both.',
  });
}

function reportOtherCase(problems: Problems, policy: string | undefined, path: FleetPath): void {
  const meant = policy === undefined ? undefined : otherCaseOf(policy);
  if (policy === undefined || meant === undefined) return;
  problems.add({
    code: 'fleet/access-policy',
    path,
    found: `the access policy ${policy}`,
    expected: `${meant}: EKS tells upper from lower case`,
    next: `Write ${meant}.`,
  });
}
