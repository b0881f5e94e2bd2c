import { Document, isCollection, isMap, isPair, isScalar, visit } from 'yaml';
import type { Value } from './edit-model.ts';

const options = { lineWidth: 0, singleQuote: true } as const;

/**
 * A value as block YAML, with a newline at its end. What holds plain values alone, at the depth of a
 * cluster’s labels or deeper, stands on one line.
 *
 * @param depth at which the value stands in the file
 */
export function blockText(value: Value, depth: number): string {
  const document = new Document(value, { version: '1.2', schema: 'core' });
  visit(document, {
    Collection(_, node, path) {
      const above = path.filter((one) => isCollection(one)).length;
      const values = node.items.map((item) => (isPair(item) ? item.value : item));
      const isShort = depth - 1 + above >= shortFrom && values.every((one) => isScalar(one));
      if (above > 0 && isShort) node.flow = true;
    },
  });
  // As people write lists; the library puts spaces inside of brackets as it does inside of braces.
  return document.toString(options).replace(/^([^'"#[{]*: )\[ (.*) \]$/gm, '$1[$2]');
}

/** `['clusters', 0, 'labels']`. */
const shortFrom = 3;

/** A value on one line; as JSON where the whole file is. */
export function flowText(value: Value, json: boolean): string {
  if (json) return JSON.stringify(value);
  const document = new Document(value, { version: '1.2', schema: 'core' });
  if (isCollection(document.contents)) document.contents.flow = true;
  // The library breaks lines after 60 characters; no value of ours holds a line break.
  const text = document.toString(options).trimEnd().replace(/\n\s*/g, ' ');
  return isMap(document.contents) ? text : text.replace(/^\[ (.*),? \]$/s, '[$1]');
}
