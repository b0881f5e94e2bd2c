import { subjectOf, type ApplyOrder, type ApplyStep } from '../src/iam/apply-order.ts';
import type { OutputFile } from '../src/iam/render.ts';

/** A step of an output's `_iam/apply-order.json`, in its order. */
export interface AppliedStep {
  /** Its document, where it has one. */
  readonly file?: string;
  /** `ACCOUNT/access-entry/CLUSTER: ARN`, or the document's path below `_iam`. */
  readonly what: string;
  /** All that the step says, but its number. */
  readonly content: string;
}

/** The steps of an output; none where it has no order, or one that was changed by hand. */
export function stepsOf(files: readonly OutputFile[]): readonly AppliedStep[] {
  const file = files.find(({ path }) => path === '_iam/apply-order.json');
  if (!file) return [];
  try {
    return (JSON.parse(file.text) as ApplyOrder).steps.flatMap(appliedOf);
  } catch {
    return [];
  }
}

function appliedOf(step: ApplyStep): readonly AppliedStep[] {
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
