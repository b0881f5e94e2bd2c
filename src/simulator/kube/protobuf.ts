/** What a field of a message is; its name is the one that it has in JSON. */
export type Field =
  | readonly [name: string, type: 'string' | 'number' | 'boolean' | 'strings' | 'map' | 'bytes']
  /** Left out, whatever is in it. */
  | readonly [name: string, type: 'ignored']
  | readonly [name: string, type: 'one' | 'many', message: Message];

/** A message by the numbers of its fields. */
export type Message = ReadonlyMap<number, Field>;

export const message = (fields: Readonly<Record<number, Field>>): Message =>
  new Map(Object.entries(fields).map(([number, field]) => [Number(number), field]));

/** Wire types (protobuf.dev, Encoding). */
const varintType = 0;
const bytesType = 2;

interface Entry {
  readonly number: number;
  readonly value: number | Buffer;
}

/**
 * A protobuf message as the JSON that it stands for. Fields that are empty are left out, as Go's
 * types write those too. Throws for what is malformed, and for a field that has something in it and
 * is not known here: it must not get lost.
 */
export function decode(bytes: Buffer, shape: Message): Record<string, unknown> {
  const found = new Map<string, unknown>();
  for (const { number, value } of entriesOf(bytes)) {
    const field = shape.get(number);
    if (!field) {
      if (!isEmpty(value))
        throw new Error(`field ${number} is not known to the simulated API server`);
      continue;
    }
    set(found, field, value);
  }
  return Object.fromEntries(found);
}

function set(found: Map<string, unknown>, field: Field, value: number | Buffer): void {
  const [name, type] = field;
  const before = found.get(name);
  const list = Array.isArray(before) ? (before as unknown[]) : [];
  switch (type) {
    case 'string': {
      const text = bytesOf(value).toString();
      if (text !== '') found.set(name, text);
      return;
    }
    case 'ignored':
      return;
    case 'bytes':
      found.set(name, bytesOf(value));
      return;
    case 'number':
      found.set(name, value);
      return;
    case 'boolean':
      found.set(name, value === 1);
      return;
    case 'strings':
      found.set(name, [...list, bytesOf(value).toString()]);
      return;
    case 'map': {
      const { key = '', value: member = '' } = decode(bytesOf(value), entry);
      found.set(name, { ...(before as object | undefined), [String(key)]: member });
      return;
    }
    case 'one':
      if (!isEmpty(value)) found.set(name, decode(bytesOf(value), field[2]));
      return;
    case 'many':
      found.set(name, [...list, decode(bytesOf(value), field[2])]);
      return;
  }
}

const entry = message({ 1: ['key', 'string'], 2: ['value', 'string'] });

function* entriesOf(bytes: Buffer): Generator<Entry> {
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message ends too early');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new Error('a number is too long');
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = tag >>> 3;
    switch (tag & 7) {
      case varintType:
        yield { number, value: varint() };
        break;
      case bytesType: {
        const length = varint();
        if (length < 0 || at + length > bytes.length) throw new Error('the message ends too early');
        yield { number, value: bytes.subarray(at, at + length) };
        at += length;
        break;
      }
      default:
        throw new Error(`wire type ${tag & 7} is not used by Kubernetes' own types`);
    }
  }
}

function bytesOf(value: number | Buffer): Buffer {
  if (typeof value === 'number') throw new Error('a number stands where text is expected');
  return value;
}

const isEmpty = (value: number | Buffer): boolean =>
  typeof value === 'number' ? value === 0 : value.length === 0;
