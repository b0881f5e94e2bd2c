import {
  createValidatedPolicy,
  validateIdentityPolicy,
  validateTrustPolicy,
} from '@cloud-copilot/iam-policy';
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import type { Caller } from '../../../../src/simulator/aws/policy.ts';
import type { Answer, Json, Scenario } from './scenario.ts';

/**
 * What `@cloud-copilot/iam-simulate` says: another's implementation of IAM's rules. Its "unsafe" run
 * is the one that takes the condition keys of any OIDC issuer; what it leaves out, the check of the
 * documents, is done here. Throws for a document that is not valid.
 */
export function oracle(scenario: Scenario): Answer {
  const { caller, action, resource, context, identity = [], boundary, trust } = scenario;
  const result = runUnsafeSimulation(
    {
      request: {
        principal: principalOf(caller),
        action,
        // A bucket's ARN names no account: it belongs to whoever asks.
        resource: { resource, accountId: accountOf(resource) || accountOf(principalOf(caller)) },
        contextVariables: Object.fromEntries(
          Object.entries(context).map(([key, value]) => [
            key,
            typeof value === 'string' ? value : [...value],
          ]),
        ),
      },
      identityPolicies: identity.map((policy, index) => ({
        name: `identity-${index}`,
        policy: valid(policy, validateIdentityPolicy),
      })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(boundary
        ? {
            permissionBoundaryPolicies: [
              { name: 'boundary', policy: valid(boundary, validateIdentityPolicy) },
            ],
          }
        : {}),
      ...(trust ? { resourcePolicy: valid(trust, validateTrustPolicy) } : {}),
    },
    {},
  );
  return result === 'Allowed' ? 'allowed' : 'denied';
}

function principalOf(caller: Caller): string {
  switch (caller.kind) {
    case 'role-session':
      return caller.sessionArn;
    case 'user':
      return caller.userArn;
    case 'federated':
      return caller.providerArn;
    case 'service':
      return caller.service;
  }
}

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/** The run reads a policy's name, which only a policy that is validated carries. */
function valid(policy: Json, validate: typeof validateIdentityPolicy) {
  const validated = createValidatedPolicy(policy, validate, { name: 'policy' });
  if (validated.errors.length === 0) return validated;
  throw new Error(`not valid: ${JSON.stringify(validated.errors)} in ${JSON.stringify(policy)}`);
}
