import { applyOrder } from './apply-steps.ts';
import { jsonText } from './json.ts';
import type { IamModel } from './model.ts';
import type { OutputFile } from './output-file.ts';

/** Every role's documents, a folder an account and a role, and the order to apply them in. */
export function renderJson(model: IamModel): readonly OutputFile[] {
  const { order, documents } = applyOrder(model);
  return [
    { path: '_iam/apply-order.json', text: jsonText(order) },
    ...documents.map(({ file, document }) => ({ path: file, text: jsonText(document) })),
  ];
}
