import type { IamProblem } from '../codes.ts';
import { asciiJson } from '../json.ts';
import type { IamModel } from '../model.ts';

/**
 * `{{resolve:…}}` anywhere in a template is looked up by CloudFormation, and nothing escapes it
 * (CloudFormation user guide, "Get values stored in other services using dynamic references").
 */
const dynamicReference = '{{resolve:';

/** Texts of the fleet file that CloudFormation would take for more than a text. */
export const dynamicReferences = (model: IamModel): readonly IamProblem[] => {
  const holds = (value: unknown): boolean => asciiJson(value).includes(dynamicReference);
  const found = (path: IamProblem['path'], what: string): IamProblem => ({
    code: 'iam/dynamic-reference',
    path,
    found: `${dynamicReference}… in ${what}, which CloudFormation would look up`,
    expected: 'a text that stands for itself: nothing escapes a dynamic reference in a template',
    next: 'Write the value itself, or leave `cloudformation` out of `iam.forms`.',
  });
  return [
    ...(holds(model.settings) ? [found(['iam'], 'the settings of IAM')] : []),
    ...model.accounts
      .flatMap(({ roles }) => roles)
      .filter(({ trust, policies }) => holds([trust, policies]))
      .map(({ role }) => found(role.path, `the documents of role ${role.name}`)),
  ];
};
