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

/** One object as a YAML document. */
export const manifestYaml = (object: unknown): string => stringify(object, options);

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
