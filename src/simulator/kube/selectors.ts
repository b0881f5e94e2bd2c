import type { KubeObject, StringMap } from './objects.ts';
import { isRecord } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { badRequest } from './status-error.ts';

export type Selector = (object: KubeObject) => boolean;

/** The conjunction of a list's or watch's `labelSelector` and `fieldSelector`; 400 on a bad one. */
export function selectorOf(query: URLSearchParams, type: ResourceType): Selector {
  const labels = labelSelector(query.get('labelSelector') ?? '');
  const fields = fieldSelector(query.get('fieldSelector') ?? '', type);
  return (object) => labels(object.metadata.labels ?? {}) && fields(object);
}

type LabelSelector = (labels: StringMap) => boolean;

const key = String.raw`[A-Za-z0-9][-A-Za-z0-9_./]*`;
const value = String.raw`[-A-Za-z0-9_.]*`;
const equality = new RegExp(String.raw`^(${key})\s*(==|=|!=)\s*(${value})$`);
const membership = new RegExp(String.raw`^(${key})\s+(in|notin)\s*\(([^()]*)\)$`);
const existence = new RegExp(`^(!?)\\s*(${key})$`);

/** `a=b, c!=d, e in (x, y), f notin (z), g, !h` (Kubernetes, Labels and Selectors). */
export function labelSelector(text: string): LabelSelector {
  const requirements = splitOutsideParentheses(text).map(requirement);
  return (labels) => requirements.every((holds) => holds(labels));
}

function requirement(text: string): LabelSelector {
  const equal = equality.exec(text);
  if (equal) {
    const [, name = '', operator, wanted] = equal;
    return operator === '!='
      ? (labels) => labels[name] !== wanted
      : (labels) => labels[name] === wanted;
  }
  const member = membership.exec(text);
  if (member) {
    const [, name = '', operator, list = ''] = member;
    const values = list.split(',').map((item) => item.trim());
    return (labels) => {
      const found = labels[name];
      return (found !== undefined && values.includes(found)) === (operator === 'in');
    };
  }
  const exists = existence.exec(text);
  if (exists) {
    const [, not, name = ''] = exists;
    return (labels) => Object.hasOwn(labels, name) === (not === '');
  }
  throw badRequest(`unable to parse requirement: found '${text}', expected a label requirement`);
}

const splitOutsideParentheses = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** By `metadata.name`, `metadata.namespace` and what the kind has beside them. */
function fieldSelector(text: string, { selectableFields }: ResourceType): Selector {
  const known = ['metadata.name', 'metadata.namespace', ...selectableFields];
  const terms = fieldTerms(text).map(({ field, operator, wanted }): Selector => {
    if (!known.includes(field)) throw badRequest(`field label not supported: ${field}`);
    const path = field.split('.');
    return (object) => (valueAt(object, path) === wanted) === (operator !== '!=');
  });
  return (object) => terms.every((holds) => holds(object));
}

/** As a field selector compares it: absent is empty. */
function valueAt(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const part of path) value = isRecord(value) ? value[part] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The one name that a field selector allows, if it allows just one: RBAC's `resourceNames` see it. */
export function exactName(text: string | null): string | undefined {
  const wanted = fieldTerms(text ?? '').find(
    ({ field, operator }) => field === 'metadata.name' && operator !== '!=',
  )?.wanted;
  return wanted === '' ? undefined : wanted;
}

function fieldTerms(text: string) {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      const [, field = '', operator = '', wanted = ''] = match;
      return { field, operator, wanted };
    });
}
