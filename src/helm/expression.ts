import type { Expression } from './template.ts';

/** A value of the release, by its path in values.yaml. */
export const valueExpression = (path: readonly string[]): Expression =>
  path.every((key) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key))
    ? ['.Values', ...path].join('.')
    : ['index .Values', ...path.map(literal)].join(' ');

/** A text as a literal of Go's; JSON's escapes are among Go's, but for `\/`, which JSON.stringify never writes. */
export const literal = (text: string): Expression => JSON.stringify(text);

/** Several maps as one; of two that have one key the last wins. */
export const merged = (maps: readonly Expression[]): Expression => {
  const [first] = maps;
  return maps.length === 1 && first !== undefined
    ? first
    : ['mergeOverwrite', '(dict)', ...maps.map(argument)].join(' ');
};

/** As an argument of a function. */
export const argument = (expression: Expression): Expression =>
  expression.includes(' ') ? `(${expression})` : expression;

/** Literal text in a template. What begins an action is written by an action. */
export const literalText = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');
