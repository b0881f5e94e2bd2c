import { at, text } from './fields.ts';
import { isRecord } from './objects.ts';

/** A label selector in one line (apimachinery pkg/apis/meta/v1, FormatLabelSelector). */
export function formatSelector(selector: unknown): string {
  const labels = at(selector, 'matchLabels');
  const expressions = at(selector, 'matchExpressions');
  const parts = [
    ...(isRecord(labels)
      ? Object.entries(labels).map(([key, value]) => `${key}=${text(value)}`)
      : []),
    ...(Array.isArray(expressions) ? expressions.map(formatRequirement) : []),
  ].sort();
  return parts.length === 0 ? '<none>' : parts.join(',');
}

function formatRequirement(requirement: unknown): string {
  const key = text(at(requirement, 'key'));
  const values = at(requirement, 'values');
  const list = Array.isArray(values) ? `(${values.map((value) => text(value)).join(',')})` : '()';
  switch (at(requirement, 'operator')) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
