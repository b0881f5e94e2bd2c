import { valueAt, type Json } from '../../../../src/helm/json.ts';
import type { Knob, Place } from '../../../../src/helm/knob.ts';
import { idOf, isMap, type Rendered, type WrittenChart } from './charts.ts';

/** Where two renderings differ: an object's id, then the keys that lead there. */
export type Difference = readonly string[];

export function differences(before: Rendered, after: Rendered): readonly Difference[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return ids.flatMap((id) => differ(before.get(id), after.get(id), [id]));
}

function differ(a: Json | undefined, b: Json | undefined, at: Difference): readonly Difference[] {
  if (isMap(a) && isMap(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differ(a[key], b[key], [...at, key]));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const [one, other] = [a as readonly Json[], b as readonly Json[]];
    const length = Math.max(one.length, other.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      differ(one[index], other[index], [...at, String(index)]),
    );
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [at];
}

/** Where a value makes a difference, as its table says. */
export const expectedAt = (
  { objects }: WrittenChart,
  { places, form }: Knob,
): readonly Difference[] =>
  places.flatMap((place) => {
    const object = objects[place.object];
    if (!object) throw new Error('no such object');
    if (place.kind === 'object') return [[idOf(object)]];
    const at = [idOf(object), ...place.path.map(String)];
    const own = valueAt(object, place.path);
    switch (place.kind) {
      case 'value':
      case 'optional':
        return [at];
      case 'items':
        return (form.example as readonly Json[]).map((_, index) => [
          ...at,
          ...(own === undefined ? [] : [String((own as readonly Json[]).length + index)]),
        ]);
      case 'entries':
        return own === undefined
          ? [at]
          : Object.keys(form.example as object).map((key) => [...at, key]);
    }
  });

/** What should stand at a place when the knob has its example as its value; undefined: it depends. */
export function expectedThere(
  { objects }: WrittenChart,
  place: Exclude<Place, { readonly kind: 'object' }>,
  { form: { example } }: Knob,
): Json | undefined {
  const own = valueAt(objects[place.object] ?? {}, place.path);
  switch (place.kind) {
    case 'value':
      return place.expression === undefined ? example : undefined;
    case 'optional':
      return example;
    case 'items':
      return [...((own ?? []) as readonly Json[]), ...(example as readonly Json[])];
    case 'entries':
      return isMap(own) && isMap(example) ? { ...own, ...example } : example;
  }
}
