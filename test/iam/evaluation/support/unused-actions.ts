import type { AwsCall } from '../../../../src/simulator/aws/calls.ts';
import { parsePolicy } from '../../../../src/simulator/aws/policy-document.ts';
import type {
  PolicyKind,
  Principals,
  Statement,
} from '../../../../src/simulator/aws/policy-document.ts';
import { matchesWildcard } from '../../../../src/simulator/aws/wildcard.ts';
import type { RoleDocuments } from './fleet.ts';

/** One action that a document allows, on one resource or to one principal. */
interface Grant {
  /** `ROLE may ACTION on RESOURCE`, or `ROLE lets PRINCIPAL ACTION`. */
  readonly text: string;
  readonly meets: (call: AwsCall) => boolean;
}

/** What the documents allow and no call asked for, a line each. */
export function unusedActions(
  roles: ReadonlyMap<string, RoleDocuments>,
  calls: readonly AwsCall[],
): readonly string[] {
  const grants = [...roles].flatMap(([role, { trust, permissions }]) => [
    ...allowed('trust', trust).flatMap((one) => letIn(role, one)),
    ...allowed('identity', permissions).flatMap((one) => mayDo(role, one)),
  ]);
  return grants.filter(({ meets }) => !calls.some(meets)).map(({ text }) => text);
}

const allowed = (kind: PolicyKind, documents: readonly unknown[]): readonly Statement[] =>
  documents.flatMap((one) => parsePolicy(kind, one)).filter(({ effect }) => effect === 'Allow');

const mayDo = (role: string, { actions, resources }: Statement): readonly Grant[] =>
  patternsOf(actions).flatMap((action) =>
    patternsOf(resources).map((resource) => ({
      text: `${role} may ${action} on ${resource}`,
      meets: (call) =>
        call.caller === role &&
        matchesWildcard(action, call.action) &&
        matchesWildcard(resource, call.resource),
    })),
  );

const letIn = (role: string, { actions, principals }: Statement): readonly Grant[] =>
  patternsOf(actions).flatMap((action) =>
    principalsOf(principals).map((principal) => ({
      text: `${role} lets ${principal} ${action}`,
      meets: (call) =>
        call.resource === role &&
        matchesWildcard(action, call.action) &&
        (call.caller === principal || isRootOf(principal, call.caller)),
    })),
  );

function patternsOf(patterns: Statement['resources']): readonly string[] {
  if (!patterns || patterns.not) throw new Error('a NotAction or NotResource allows too much');
  return patterns.patterns;
}

function principalsOf(principals: Principals | 'not' | undefined): readonly string[] {
  if (principals === undefined || principals === 'not') throw new Error('a NotPrincipal');
  return [...principals.aws, ...principals.federated, ...principals.service];
}

/** `arn:aws:iam::ACCOUNT:root` stands for the account's users and roles. */
const isRootOf = (principal: string, caller: string): boolean =>
  principal.endsWith(':root') && caller.startsWith(principal.replace(/root$/, ''));
