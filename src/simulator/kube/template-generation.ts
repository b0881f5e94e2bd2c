import { isDeepStrictEqual } from 'node:util';
import { at } from './fields.ts';
import type { KubeObject } from './objects.ts';
import { daemonSets } from './resources.ts';
import type { ResourceType } from './resources.ts';

export const templateGenerationAnnotation = 'deprecated.daemonset.template.generation';

/**
 * A DaemonSet's count of its templates, which apps/v1 shows as an annotation: what a client says of
 * it does not count (pkg/apis/apps/v1/conversion.go, pkg/registry/apps/daemonset/strategy.go).
 */
export function withTemplateGeneration(
  type: ResourceType,
  object: KubeObject,
  previous?: KubeObject,
): KubeObject {
  if (type !== daemonSets) return object;
  const value = previous?.metadata.annotations?.[templateGenerationAnnotation] ?? '1';
  return annotated(object, value);
}

/** With the next number, where the template is another one. */
export function withRaisedTemplate(
  type: ResourceType,
  object: KubeObject,
  previous: KubeObject,
): KubeObject {
  const template = ({ spec }: KubeObject): unknown => at(spec, 'template');
  if (type !== daemonSets || isDeepStrictEqual(template(object), template(previous))) return object;
  const before = Number(previous.metadata.annotations?.[templateGenerationAnnotation] ?? 0);
  return annotated(object, String(before + 1));
}

const annotated = (object: KubeObject, value: string): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [templateGenerationAnnotation]: value },
  },
});
