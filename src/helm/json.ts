/** What JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A way into an object: keys of maps, indexes of lists. */
export type Path = readonly (string | number)[];

/** A Kubernetes object, in the parts that are looked at here. */
export interface KubeObject extends JsonObject {
  readonly kind: string;
  readonly metadata: JsonObject & {
    readonly name: string;
    readonly labels?: JsonObject;
  };
}

/** What stands there; undefined where nothing does. */
export function valueAt(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => {
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.hasOwn(at, key)
      ? (at as Readonly<Record<string | number, Json>>)[key]
      : undefined;
  }, value);
}

/** @throws Error where something else stands there */
export function textAt(value: Json, path: Path): string {
  const text = valueAt(value, path);
  if (typeof text === 'string') return text;
  throw new Error(`${path.join('.')} is no text: ${JSON.stringify(text)}`);
}
