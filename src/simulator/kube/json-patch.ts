import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isRecord } from './objects.ts';
import { badRequest, StatusError } from './status-error.ts';

const pointer = z.string().regex(/^(\/.*)?$/s);
const operation = z.discriminatedUnion('op', [
  z.object({ op: z.literal(['add', 'replace', 'test']), path: pointer, value: z.unknown() }),
  z.object({ op: z.literal('remove'), path: pointer }),
  z.object({ op: z.literal(['move', 'copy']), path: pointer, from: pointer }),
]);
type Operation = z.infer<typeof operation>;
type Container = Record<string, unknown> | unknown[];

/** RFC 6902. 400 for what is no such patch, 422 for one that does not fit the object. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  const parsed = z.array(operation).safeParse(patch);
  if (!parsed.success)
    throw badRequest(`error decoding patch: ${parsed.error.issues[0]?.message ?? ''}`);
  // A holder, so that the whole document has a place that it can be replaced in.
  const holder: Container = { document: structuredClone(target) };
  for (const one of parsed.data) apply(holder, one);
  return holder.document;
}

function apply(holder: Container, one: Operation): void {
  switch (one.op) {
    case 'add':
      put(holder, one.path, one.value, true);
      return;
    case 'replace':
      read(holder, one.path);
      put(holder, one.path, one.value, false);
      return;
    case 'test':
      if (!isDeepStrictEqual(read(holder, one.path), one.value)) throw unfit();
      return;
    case 'remove':
      take(holder, one.path);
      return;
    case 'move':
      put(holder, one.path, take(holder, one.from), true);
      return;
    case 'copy':
      put(holder, one.path, structuredClone(read(holder, one.from)), true);
      return;
  }
}

function put(holder: Container, path: string, value: unknown, insert: boolean): void {
  const { parent, key } = placeOf(holder, path);
  if (!Array.isArray(parent))
    // Not by assignment: a member may be called `__proto__`.
    Object.defineProperty(parent, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  else
    parent.splice(
      key === '-' ? parent.length : indexOf(parent, key, insert),
      insert ? 0 : 1,
      value,
    );
}

function read(holder: Container, path: string): unknown {
  const { parent, key } = placeOf(holder, path);
  return member(parent, key);
}

function member(parent: Container, key: string): unknown {
  if (Array.isArray(parent)) return parent[indexOf(parent, key, false)];
  if (!Object.hasOwn(parent, key)) throw unfit();
  return parent[key];
}

function take(holder: Container, path: string): unknown {
  const value = read(holder, path);
  const { parent, key } = placeOf(holder, path);
  if (Array.isArray(parent)) parent.splice(indexOf(parent, key, false), 1);
  else Reflect.deleteProperty(parent, key);
  return value;
}

/** What holds the value, and where in it. */
function placeOf(
  holder: Container,
  path: string,
): { readonly parent: Container; readonly key: string } {
  const parts = `/document${path}`
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let parent: Container = holder;
  for (const part of parts.slice(0, -1)) {
    const next = member(parent, part);
    if (!Array.isArray(next) && !isRecord(next)) throw unfit();
    parent = next as Container;
  }
  return { parent, key: parts.at(-1) ?? '' };
}

function indexOf(list: readonly unknown[], key: string, insert: boolean): number {
  const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
  if (index < 0 || index >= list.length + (insert ? 1 : 0)) throw unfit();
  return index;
}

const unfit = (): StatusError =>
  new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
