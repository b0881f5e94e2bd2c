import { isDeepStrictEqual } from 'node:util';
import { isRecord } from './objects.ts';
import { badRequest, StatusError } from './status-error.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Lists that are merged item by item, and the field that tells items apart. */
type MergeKeys = ReadonlyMap<string, string>;

/** Of the types in k8s.io/api core/v1 (struct tags `patchMergeKey`). */
const podLists: MergeKeys = new Map([
  ...['containers', 'initContainers', 'ephemeralContainers', 'volumes', 'imagePullSecrets'].map(
    (list) => [list, 'name'] as const,
  ),
  ['env', 'name'],
  ['ports', 'containerPort'],
  ['volumeMounts', 'mountPath'],
  ['volumeDevices', 'devicePath'],
  ['hostAliases', 'ip'],
  ['topologySpreadConstraints', 'topologyKey'],
]);

/** By kind; a list that is not here is replaced as a whole. */
const mergeKeys: ReadonlyMap<string, MergeKeys> = new Map([
  ['Deployment', new Map([...podLists, ['conditions', 'type']])],
  ['StatefulSet', new Map([...podLists, ['conditions', 'type']])],
  ['DaemonSet', new Map([...podLists, ['conditions', 'type']])],
  ['Job', new Map([...podLists, ['conditions', 'type']])],
  ['PodDisruptionBudget', new Map([['conditions', 'type']])],
  ['CronJob', podLists],
  [
    'ServiceAccount',
    new Map([
      ['secrets', 'name'],
      ['imagePullSecrets', 'name'],
    ]),
  ],
]);

const directives = /^\$(patch|retainKeys|setElementOrder\/.*)$/;

/**
 * A strategic merge patch on one of the built-in kinds (apimachinery pkg/util/strategicpatch).
 * Refuses with 400 a directive that is not known here.
 */
export function strategicMerge(kind: string, target: unknown, patch: Fields): unknown {
  return mergeMap(isRecord(target) ? target : {}, patch, mergeKeys.get(kind) ?? new Map());
}

function mergeMap(target: Fields, patch: Fields, keys: MergeKeys): Fields {
  refuseUnknown(patch);
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  const merged = new Map(Object.entries(retained(target, patch.$retainKeys)));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) merged.delete(key);
    else merged.set(key, mergeValue(merged.get(key), value, key, keys));
  }
  for (const [key, order] of Object.entries(patch)) {
    const list = key.startsWith('$setElementOrder/') ? key.slice(key.indexOf('/') + 1) : undefined;
    const items = list === undefined ? undefined : merged.get(list);
    if (list !== undefined && Array.isArray(items) && Array.isArray(order))
      merged.set(list, ordered(items, order, keys.get(list)));
  }
  return Object.fromEntries(merged);
}

function mergeValue(old: unknown, value: unknown, key: string, keys: MergeKeys): unknown {
  if (isRecord(value)) return mergeMap(isRecord(old) ? old : {}, value, keys);
  const mergeKey = keys.get(key);
  if (!Array.isArray(value) || mergeKey === undefined || !value.every(isRecord)) return value;
  return mergeList(Array.isArray(old) ? old.filter(isRecord) : [], value, mergeKey, keys);
}

function mergeList(
  old: readonly Fields[],
  patch: readonly Fields[],
  mergeKey: string,
  keys: MergeKeys,
): readonly Fields[] {
  if (patch.some((item) => item.$patch === 'replace' && item[mergeKey] === undefined))
    return patch.filter((item) => item.$patch === undefined).map(withoutDirectives);
  const merged = [...old];
  for (const item of patch) {
    const id = item[mergeKey];
    if (id === undefined)
      throw new StatusError(
        500,
        '',
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`,
      );
    const index = merged.findIndex((one) => isDeepStrictEqual(one[mergeKey], id));
    if (item.$patch === 'delete') {
      if (index >= 0) merged.splice(index, 1);
    } else if (index >= 0) merged[index] = mergeMap(merged[index] ?? {}, item, keys);
    else merged.push(mergeMap({}, item, keys));
  }
  return merged;
}

/** In the order that the patch gives; what it does not name keeps its place behind what stood before it. */
function ordered(
  items: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): readonly unknown[] {
  const idOf = (item: unknown): unknown =>
    mergeKey !== undefined && isRecord(item) ? item[mergeKey] : item;
  const wanted = order.map(idOf);
  const rank = (item: unknown): number =>
    wanted.findIndex((id) => isDeepStrictEqual(id, idOf(item)));
  const named = items.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const result: unknown[] = [];
  for (const item of items) result.push(rank(item) >= 0 ? named.shift() : item);
  return result;
}

/** `$retainKeys`: every other field goes. */
function retained(target: Fields, keep: unknown): Fields {
  if (!Array.isArray(keep)) return target;
  return Object.fromEntries(Object.entries(target).filter(([key]) => keep.includes(key)));
}

function refuseUnknown(patch: Fields): void {
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$') && !directives.test(key))
      throw badRequest(`the simulated API server does not know the patch directive ${key}`);
    if (key === '$patch' && !['replace', 'delete', 'merge'].includes(String(value)))
      throw badRequest(`Unknown patch type found: ${JSON.stringify(value)}`);
  }
}

const withoutDirectives = (patch: Fields): Fields =>
  Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
