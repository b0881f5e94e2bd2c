import type { ApiRequest } from './api.ts';
import { bodyOf, mediaType, objectOf, withoutNulls } from './body.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { badRequest, invalidOptions, unsupportedMediaType } from './status-error.ts';
import { strategicMerge } from './strategic-merge.ts';

export const applyPatchType = 'application/apply-patch+yaml';
const mergePatchType = 'application/merge-patch+json';
const strategicPatchType = 'application/strategic-merge-patch+json';
const jsonPatchType = 'application/json-patch+json';

/**
 * What an object becomes by a patch of any kind but apply. 415 for one that is not known, or that
 * custom resources do not have (k8s.io/apiextensions-apiserver pkg/apiserver/customresource_handler.go).
 */
export function patched(
  { kind, custom }: Pick<ResourceType, 'kind' | 'custom'>,
  current: KubeObject,
  query: URLSearchParams,
  request: ApiRequest,
): KubeObject {
  if (query.get('force') !== null)
    throw invalidOptions(
      'PatchOptions',
      'force',
      'Forbidden: may not be specified for non-apply patch',
    );
  const media = mediaType(request);
  if (custom && media === strategicPatchType)
    throw unsupportedMediaType([jsonPatchType, mergePatchType, applyPatchType]);
  switch (media) {
    case mergePatchType:
      return objectOf(mergePatch(current, record(bodyOf(request))));
    case strategicPatchType:
      return objectOf(strategicMerge(kind, current, record(bodyOf(request))));
    case jsonPatchType:
      return objectOf(withoutNulls(jsonPatch(current, bodyOf(request))));
    default:
      throw unsupportedMediaType([
        jsonPatchType,
        mergePatchType,
        strategicPatchType,
        applyPatchType,
      ]);
  }
}

function record(patch: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(patch)) throw badRequest('the patch is not a JSON object');
  return patch;
}
