import type { ServicePolicy } from '../fleet/model.ts';
import { wildcardMatches } from '../names/wildcard.ts';
import { escalatingActions } from './escalating-actions.ts';
import type { Finding } from './findings.ts';

/** No reason silences it: such a role is as good as an administrator's. */
export function escalation({ actions, path }: ServicePolicy): readonly Finding[] {
  for (const [index, action] of actions.entries()) {
    const allowed = escalatingActions.find((one) => wildcardMatches(action, one));
    if (allowed === undefined) continue;
    const isItself = action.toLowerCase() === allowed.toLowerCase();
    return [
      {
        code: 'finding/escalation',
        path: [...path, 'actions', index],
        found: `the action ${action}${isItself ? '' : `, which allows ${allowed}`}`,
        expected: 'no action by which a role gives itself, or others, rights that it has not',
        next: 'Take it out; whoever needs it is a person with a second factor, or has a permissions boundary on all that it makes.',
      },
    ];
  }
  return [];
}
