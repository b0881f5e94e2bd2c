import { contextOf } from '../../../../src/simulator/aws/caller-context.ts';
import { decide } from '../../../../src/simulator/aws/decide.ts';
import { parsePolicy } from '../../../../src/simulator/aws/policy-document.ts';
import type { Answer, Scenario } from './scenario.ts';

export interface OurAnswer {
  readonly answer: Answer;
  /** Something in the policies is not simulated, so that ours may be the stricter one. */
  readonly uncertain: boolean;
}

/** What the simulated IAM says. */
export function ours(scenario: Scenario): OurAnswer {
  const { caller, action, resource, context, identity = [], boundary, trust } = scenario;
  const { refusal, uncertain } = decide({
    caller,
    action,
    resource,
    context: contextOf(Object.entries(context)),
    permissions: {
      statements: identity.flatMap((one) => parsePolicy('identity', one)),
      ...(boundary ? { boundary: parsePolicy('identity', boundary) } : {}),
    },
    ...(trust ? { resourcePolicy: parsePolicy('trust', trust) } : {}),
  });
  return { answer: refusal ? 'denied' : 'allowed', uncertain };
}
