import type { ResourceType } from './resources.ts';

/**
 * OpenAPI v3 without schemas: the paths alone, which tell kubectl that `fieldValidation` is the
 * server's business (cli-runtime pkg/resource/query_param_verifier_v3.go). Without it
 * `kubectl apply` and `create` would need `--validate=false`. `kubectl explain` finds nothing.
 */
export function openApi(path: string, served: readonly ResourceType[]): unknown {
  if (path === '/openapi/v3')
    return {
      paths: Object.fromEntries(
        [...new Set(served.map(prefixOf))].map((prefix) => [
          prefix,
          { serverRelativeURL: `/openapi/v3/${prefix}` },
        ]),
      ),
    };
  const types = served.filter((type) => path === `/openapi/v3/${prefixOf(type)}`);
  if (types.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Rollcall simulated Kubernetes', version: 'v1' },
    components: { schemas: {} },
    paths: Object.fromEntries(
      types
        .filter(({ verbs }) => verbs.includes('patch'))
        .map((type) => [pathOf(type), { patch: patchOperation(type) }]),
    ),
  };
}

const prefixOf = ({ group, version }: ResourceType): string =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`;

const pathOf = (type: ResourceType): string =>
  `/${prefixOf(type)}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}/{name}`;

const patchOperation = ({ group, version, kind }: ResourceType): unknown => ({
  parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: name === 'force' ? 'boolean' : 'string' },
  })),
  responses: { 200: { description: 'OK' } },
  'x-kubernetes-action': 'patch',
  'x-kubernetes-group-version-kind': { group, version, kind },
});
