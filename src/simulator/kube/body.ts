import { parse } from 'yaml';
import type { ApiRequest } from './api.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import { fromProtobuf } from './protobuf-kinds.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import { badRequest, unsupportedMediaType } from './status-error.ts';

/** Its bodies are bytes, one a character: see `ApiRequest.body`. */
export const protobufType = 'application/vnd.kubernetes.protobuf';
const yamlTypes: readonly string[] = ['application/yaml', 'application/apply-patch+yaml'];

/** `Content-Type` without its parameters. */
export const mediaType = ({ headers }: ApiRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** The JSON or YAML that was sent; 415 for another format, 400 for what does not parse. */
export function bodyOf(request: ApiRequest): unknown {
  const type = mediaType(request);
  if (type === protobufType) return protobufBody(request.body ?? '');
  const isYaml = yamlTypes.includes(type);
  if (type !== '' && !isYaml && !/^application\/(.*\+)?json$/.test(type))
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  try {
    // By way of JSON, so that no YAML date or alias gets in.
    return isYaml
      ? JSON.parse(JSON.stringify(parse(request.body ?? '')))
      : JSON.parse(request.body ?? '');
  } catch {
    throw badRequest(`the body of the request is not valid ${isYaml ? 'YAML' : 'JSON'}`);
  }
}

function protobufBody(body: string): unknown {
  try {
    return fromProtobuf(Buffer.from(body, 'latin1'));
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw badRequest(
      `the body of the request can't be read as protobuf: ${why}; send JSON or YAML (kubectl apply does)`,
    );
  }
}

/** What was sent as an object of that kind; clients may leave out what the URL says. */
export function objectFrom(type: ResourceType, body: unknown): KubeObject {
  const own = { apiVersion: apiVersionOf(type), kind: type.kind };
  const object = { ...own, ...objectOf(body) };
  if (object.kind !== own.kind || object.apiVersion !== own.apiVersion)
    throw badRequest(
      `the object provided is unrecognized: ${object.apiVersion} ${object.kind}, expected ${own.apiVersion} ${own.kind}`,
    );
  return withoutNulls(object) as KubeObject;
}

export function objectOf(value: unknown): KubeObject {
  if (!isRecord(value) || !isRecord(value.metadata))
    throw badRequest('the object provided has no metadata');
  return value as KubeObject;
}

/** Absent and null are the same to the server's types: a client that is written in Go sends either. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}
