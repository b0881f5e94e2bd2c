import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isRecord, omit } from './objects.ts';
import type { KubeObject } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import { meta, schemas } from './schemas.ts';
import { badRequest, invalid } from './status-error.ts';

/** Kinds whose `spec.selector` never changes. */
const fixedSelector: readonly string[] = ['DaemonSet', 'Deployment', 'Rollout'];

/**
 * Refuses with 400 what the API server could not even decode: a number where text belongs. In what
 * a patch makes, the same is refused with 422 by `validate`.
 */
export function requireTypes(type: ResourceType, object: KubeObject): void {
  const wrong = schemas[type.kind]
    ?.safeParse(object)
    .error?.issues.find(({ code, path }) => code === 'invalid_type' && isThere(object, path));
  if (!wrong) return;
  throw badRequest(
    `${type.kind} in version ${JSON.stringify(apiVersionOf(type))} cannot be handled as a ${type.kind}: ${wrong.path.join('.')}: ${wrong.message}`,
  );
}

function isThere(object: KubeObject, path: readonly PropertyKey[]): boolean {
  let value: unknown = object;
  for (const part of path)
    value = typeof value === 'object' ? Reflect.get(value ?? {}, part) : undefined;
  return value !== undefined;
}

/** Refuses with 422 what the API server would not store. The first problem only. */
export function validate(type: ResourceType, object: KubeObject, previous?: KubeObject): void {
  const refuse = (field: string, problem: string): never => {
    throw invalid(type.kind, type.group, object.metadata.name, field, problem);
  };
  const issue = (schemas[type.kind] ?? z.looseObject({ metadata: meta })).safeParse(object).error
    ?.issues[0];
  if (issue) refuse(issue.path.join('.'), issue.message);
  if (!previous) return;
  const selector = ({ spec }: KubeObject): unknown => (isRecord(spec) ? spec.selector : undefined);
  if (fixedSelector.includes(type.kind) && !isDeepStrictEqual(selector(object), selector(previous)))
    refuse('spec.selector', 'Invalid value: field is immutable');
  if (type.kind === 'StatefulSet' && !isDeepStrictEqual(fixed(object), fixed(previous)))
    refuse('spec', `Forbidden: updates to statefulset spec for fields other than ${listed}`);
  if (type.kind.endsWith('Binding') && !isDeepStrictEqual(object.roleRef, previous.roleRef))
    refuse('roleRef', 'Invalid value: cannot change roleRef');
}

/** pkg/apis/apps/validation/validation.go, ValidateStatefulSetUpdate */
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;
const listed = `${changeable
  .slice(0, -1)
  .map((field) => `'${field}'`)
  .join(', ')} and 'minReadySeconds' are forbidden`;

const fixed = ({ spec }: KubeObject): unknown =>
  isRecord(spec) ? omit(spec, ...changeable) : spec;
