import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeClient } from '../../../support/kube-client.ts';

export interface GroupVersionKind {
  /** As manifests have it: `v1`, `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

interface Published {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Where kubeconform finds them: its `-schema-location`. */
export const schemaLocation = (folder: string): string =>
  join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json');

/**
 * Writes a JSON schema for each kind, made from what the API server publishes of itself
 * (`/openapi/v3`): as it stands, but that objects are closed. Version 3 is taken because it says of
 * quantities and of int-or-string what they may be; version 2 calls both strings.
 */
export async function writeSchemas(
  admin: KubeClient,
  kinds: readonly GroupVersionKind[],
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const published = new Map<string, Published>();
  for (const { apiVersion, kind } of kinds) {
    const path = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const document = published.get(path) ?? (await admin.call<Published>(`/openapi/v3/${path}`));
    published.set(path, document);
    writeFileSync(
      join(folder, fileName(apiVersion, kind)),
      JSON.stringify(toSchema(document, { apiVersion, kind })),
    );
  }
}

/** As kubeconform asks for it: of the group, the first label alone (pkg/registry, `KindSuffix`). */
function fileName(apiVersion: string, kind: string): string {
  const [group = '', version] = apiVersion.split('/');
  const suffix = [group.split('.')[0], ...(version === undefined ? [] : [version])].join('-');
  return `${kind}-${suffix}.json`.toLowerCase();
}

function toSchema({ components }: Published, { apiVersion, kind }: GroupVersionKind): unknown {
  const schemas = Object.entries(components.schemas);
  const root = schemas.find(([, schema]) => {
    // Several where a schema serves every group, such as DeleteOptions.
    const [only, ...more] = schema['x-kubernetes-group-version-kind'] ?? [];
    if (only === undefined || more.length > 0) return false;
    const { group, version } = only;
    return only.kind === kind && apiVersion === (group === '' ? version : `${group}/${version}`);
  });
  if (!root) throw new Error(`the API server publishes no schema of ${apiVersion} ${kind}`);
  return {
    allOf: [{ $ref: `#/components/schemas/${root[0]}` }],
    components: { schemas: Object.fromEntries(schemas.map(([name, one]) => [name, close(one)])) },
  };
}

/**
 * No property but those that it names, at any depth: a custom resource's schema is one whole. One that
 * names none (raw JSON, field sets) is left open.
 */
function close(schema: Schema): Schema {
  const { properties, items } = schema;
  const isOpen =
    properties === undefined ||
    schema.additionalProperties !== undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, close(one)]),
      ),
    }),
    ...(items && { items: close(items) }),
    ...(isOpen ? {} : { additionalProperties: false }),
  };
}
