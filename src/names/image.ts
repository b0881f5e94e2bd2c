const separator = '(?:[._]|__|-+)';
const component = `[a-z0-9]+(?:${separator}[a-z0-9]+)*`;
const hostLabel = '[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?';
const host = `(?:${hostLabel}(?:\\.${hostLabel})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?`;
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digest = '[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}';
const reference = new RegExp(
  `^(?:${host}/)?${component}(?:/${component})*(?::${tag})?(?:@${digest})?$`,
);

/** A container image: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]` (distribution/reference, regexp.go). */
export const isImageReference = (text: string): boolean =>
  text.length <= 512 && reference.test(text);
