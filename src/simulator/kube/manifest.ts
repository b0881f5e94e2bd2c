import { z } from 'zod';
import type { KubeObject } from './objects.ts';
import { omit } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf, resourceTypes } from './resources.ts';

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().optional() }),
});

/**
 * A manifest as the API server reads it: a kind that it serves, a namespace where the kind has one
 * (`default` when none is given, as kubectl does). Throws an `Error` that names the manifest.
 */
export function manifestOf(input: unknown): {
  readonly type: ResourceType;
  readonly object: KubeObject;
} {
  const parsed = manifest.safeParse(input);
  if (!parsed.success)
    throw new Error(`this is no Kubernetes manifest: ${z.prettifyError(parsed.error)}`);
  const { apiVersion, kind, metadata } = parsed.data;
  const type = resourceTypes.find(
    (known) => known.kind === kind && apiVersionOf(known) === apiVersion,
  );
  if (!type)
    throw new Error(
      `no matches for kind "${kind}" in version "${apiVersion}" (${metadata.name}): the simulated API server knows ${resourceTypes.map((known) => `${apiVersionOf(known)} ${known.kind}`).join(', ')}`,
    );
  const { namespace = 'default' } = metadata;
  // As it goes over the wire: a copy of the caller's, and JSON alone.
  const object = JSON.parse(JSON.stringify(parsed.data)) as KubeObject;
  return {
    type,
    object: {
      ...object,
      metadata: type.namespaced
        ? { ...object.metadata, namespace }
        : omit(object.metadata, 'namespace'),
    },
  };
}
