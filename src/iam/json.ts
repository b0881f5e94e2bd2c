/**
 * JSON in printable ASCII alone: what else a text holds stands escaped, so that a file shows what it
 * says (no right-to-left override, no control character), and so that IAM takes it: a policy
 * document's text ends at U+00FF (IAM API reference, CreatePolicy, `PolicyDocument`).
 */
export const asciiJson = (value: unknown, indent = 0): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A file's text. */
export const jsonText = (value: unknown): string => `${asciiJson(value, 2)}\n`;
