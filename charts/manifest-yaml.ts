import { stringify } from 'yaml';

/**
 * Kubernetes' parser takes YAML 1.1 and some of 1.2 (sigs.k8s.io/yaml): what either reads as other
 * than a text is put in quotes, so that a name such as `on` or `0o17` stays a name.
 */
const options = {
  version: '1.1',
  compat: 'core',
  lineWidth: 0,
  // Parts that two objects share are written out in both.
  aliasDuplicateObjects: false,
} as const;

/**
 * Line breaks of YAML 1.1, which Kubernetes' parser folds, and the byte order mark, which it refuses,
 * though YAML 1.2 and JSON know them as letters like others.
 */
const unsafe = /[\u0085\u2028\u2029\ufeff]/g;

/** One object as a YAML document. */
export function manifestYaml(object: unknown): string {
  const text = stringify(object, options);
  if (text.search(unsafe) < 0) return text;
  // Escapes are read in double quotes alone.
  return stringify(object, {
    ...options,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'QUOTE_DOUBLE',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  }).replace(unsafe, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Several, in their order, as one file. */
export const manifestsYaml = (
  objects: readonly unknown[],
  yamlOf: (object: unknown) => string = manifestYaml,
): string => objects.map(yamlOf).join('---\n');

/** Equal objects are written once: most of many clusters are. For one rendering. */
export function rememberedYaml(): (object: unknown) => string {
  const known = new Map<string, string>();
  return (object) => {
    const key = JSON.stringify(object);
    const text = known.get(key) ?? manifestYaml(object);
    known.set(key, text);
    return text;
  };
}
