/**
 * Kubernetes' parser takes YAML 1.1 and some of 1.2 (sigs.k8s.io/yaml): what either reads as other
 * than a text is put in quotes, so that a name such as `on` or `0o17` stays a name.
 */
export const manifestYaml = { version: '1.1', compat: 'core', lineWidth: 0 } as const;
