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

/** Its parts, as patterns that RE2 takes too (the ends are not in them). */
export const imagePatterns = {
  repository: `(?:${host}/)?${component}(?:/${component})*`,
  tag,
  digest,
} as const;

export interface ImageParts {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** @throws Error for what is no image reference */
export function imageParts(text: string): ImageParts {
  const { repository, tag, digest } = imagePatterns;
  const parts = new RegExp(
    `^(?<repository>${repository})(?::(?<tag>${tag}))?(?:@(?<digest>${digest}))?$`,
  ).exec(text)?.groups;
  if (!isImageReference(text) || parts?.repository === undefined) {
    throw new Error(`${JSON.stringify(text)} is no image reference`);
  }
  return {
    repository: parts.repository,
    ...(parts.tag === undefined ? {} : { tag: parts.tag }),
    ...(parts.digest === undefined ? {} : { digest: parts.digest }),
  };
}
