import { type Placeholder, placeholders, unknownPlaceholder } from '../form/policy-forms.ts';
import { rules } from '../form/rules.ts';
import { wildcardMatches } from '../names/wildcard.ts';
import type { Problems } from './codes.ts';
import { describe, quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import type { PolicyFile } from './schema-iam.ts';
import type { Draft } from './shape.ts';
import { nearest } from './suggest.ts';

type PolicyDraft = Draft<PolicyFile>;

/** Statements: nothing is granted that Rollcall never grants, and what is left open can be filled in. */
export function checkPolicies(
  policies: readonly (PolicyDraft | undefined)[] | undefined,
  path: FleetPath,
  problems: Problems,
  known: readonly Placeholder[] = placeholders,
): void {
  for (const [index, policy] of (policies ?? []).entries()) {
    if (!policy) continue;
    const at = [...path, index];
    for (const [position, action] of (policy.actions ?? []).entries()) {
      if (action !== undefined) checkAction(action, [...at, 'actions', position], problems);
    }
    for (const [position, resource] of (policy.resources ?? []).entries()) {
      if (resource === undefined || !rules.policyResource.test(resource)) continue;
      checkPlaceholders(resource, [...at, 'resources', position], problems, known);
    }
    checkConditions(policy.conditions, [...at, 'conditions'], problems, known);
  }
}

const passOn = 'Name the actions that are needed; a role is passed on by nobody.';
const goTo = 'Write the role under reach.';
const nobodysRoot = 'Take it out: an account’s root is nothing that a service becomes.';
const never = [
  { refused: 'iam:PassRole', next: passOn },
  { refused: 'sts:AssumeRole', next: goTo },
  { refused: 'sts:AssumeRoleWithSAML', next: goTo },
  { refused: 'sts:AssumeRoleWithWebIdentity', next: goTo },
  { refused: 'sts:AssumeRoot', next: nobodysRoot },
];

function checkAction(action: string, path: FleetPath, problems: Problems): void {
  if (!rules.action.test(action)) return;
  const match = never.find(({ refused }) => wildcardMatches(action, refused));
  if (!match) return;
  const { refused, next } = match;
  problems.add({
    code: 'fleet/refused-action',
    path,
    found: `the action ${quoted(action)}${action === refused ? '' : `, which allows ${refused}`}`,
    expected: `actions without ${refused}`,
    next,
  });
}

function checkConditions(
  conditions: PolicyDraft['conditions'],
  path: FleetPath,
  problems: Problems,
  known: readonly Placeholder[],
): void {
  for (const [operator, keys] of Object.entries(conditions ?? {})) {
    if (!keys) continue;
    if (Object.keys(keys).length === 0) {
      problems.add({
        code: 'fleet/empty',
        path: [...path, operator],
        found: describe(keys),
        expected: 'at least one condition key',
        next: 'Add a key, or remove the operator.',
      });
    }
    for (const [key, values] of Object.entries(keys)) {
      const at = [...path, operator, key];
      if (typeof values === 'string') checkPlaceholders(values, at, problems, known);
      else {
        // What has the wrong type has been said, and may stand here all the same.
        const list: readonly unknown[] = Array.isArray(values) ? values : [];
        for (const [position, value] of list.entries()) {
          if (typeof value === 'string') {
            checkPlaceholders(value, [...at, position], problems, known);
          }
        }
      }
    }
  }
}

function checkPlaceholders(
  text: string,
  path: FleetPath,
  problems: Problems,
  known: readonly Placeholder[],
): void {
  const unknown = unknownPlaceholder(text, known);
  if (unknown === undefined) return;
  const near = nearest(unknown.replace(/[${}]/g, ''), known);
  problems.add({
    code: 'fleet/placeholder',
    path,
    found: `${quoted(unknown)} in ${quoted(text)}`,
    expected: `one of: ${known.map((name) => `{${name}}`).join(', ')}; or a variable of IAM’s, such as \${aws:username}`,
    next: near === undefined ? 'Write one of these, or remove it.' : `Write {${near}}.`,
  });
}
