import type { AccessGraph } from '../access/graph.ts';
import { iamForms } from '../fleet/model.ts';
import type { ApplyOrder } from './apply-order.ts';
import { applyOrder } from './apply-steps.ts';
import { buildModel } from './build-model.ts';
import { dynamicReferences } from './cloudformation/dynamic-references.ts';
import type { IamProblem } from './codes.ts';
import { forms } from './forms.ts';
import type { OutputFile } from './output-file.ts';

export type { ApplyOrder } from './apply-order.ts';
export type { OutputFile } from './output-file.ts';

export type IamResult =
  | { readonly kind: 'rendered'; readonly files: readonly OutputFile[]; readonly order: ApplyOrder }
  | { readonly kind: 'invalid'; readonly problems: readonly IamProblem[] };

/**
 * What the fleet asks of AWS, and the order to apply it in: as JSON always, which is what `plan`
 * compares and what says of every form what it cannot do, and in every other form that it names.
 */
export function renderIam(graph: AccessGraph): IamResult {
  const { model, problems: quotas } = buildModel(graph);
  const chosen = iamForms.filter((form) => form === 'json' || graph.iam.forms.includes(form));
  const problems = [
    ...quotas,
    ...(chosen.includes('cloudformation') ? dynamicReferences(model) : []),
  ];
  if (problems.length > 0) return { kind: 'invalid', problems };
  return {
    kind: 'rendered',
    order: applyOrder(model).order,
    files: chosen.flatMap((form) => forms[form](model, graph)),
  };
}
