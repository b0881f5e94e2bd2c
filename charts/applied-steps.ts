import { subjectOf, type ApplyOrder, type ApplyStep } from '../src/iam/apply-order.ts';

/** A step of `_iam/apply-order.json`. */
export interface AppliedStep {
  /** Its document, where it has one. */
  readonly file?: string;
  /** `ACCOUNT/access-entry/CLUSTER: ARN`, or the document's path below `_iam`. */
  readonly what: string;
  /** All that the step says, but its number. */
  readonly content: string;
}

/** What IAM and EKS are told, in the order in which AWS accepts it. */
export const stepsOf = ({ steps }: ApplyOrder): readonly AppliedStep[] => steps.flatMap(appliedOf);

/** A step, and what of it is given and taken by a call of its own. */
export function appliedOf(step: ApplyStep): readonly AppliedStep[] {
  const content = JSON.stringify({ ...step, step: undefined });
  if ('file' in step) {
    return [{ file: step.file, what: step.file.replace(/^_iam\//, ''), content }];
  }
  const what = `${step.account}/${step.action.replace(/^create-/, '')}/${subjectOf(step)}`;
  if (step.action !== 'create-access-entry') return [{ what, content }];
  // Each access policy is given and taken by a call of its own.
  const { policies, ...entry } = step;
  return [
    { what, content: JSON.stringify({ ...entry, step: undefined }) },
    ...policies.map((policy) => ({
      what: `${what}: ${policy.policyArn.replace(/^.*\//, '')}`,
      content: JSON.stringify(policy),
    })),
  ];
}
