import { at, count, text } from './fields.ts';
import { humanDuration } from './human-duration.ts';
import type { KubeObject } from './objects.ts';

/** One column of a kind's table. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  /** Shown by `-o wide` alone. Default: false. */
  readonly wide?: boolean;
  readonly cell: (object: KubeObject, now: number) => string | number;
}

export function since(time: unknown, now: number, otherwise = '<unknown>'): string {
  return typeof time === 'string' ? humanDuration(now - Date.parse(time)) : otherwise;
}

export const name: Column = { name: 'Name', type: 'string', cell: ({ metadata }) => metadata.name };
export const age: Column = {
  name: 'Age',
  type: 'string',
  cell: ({ metadata }, now) => since(metadata.creationTimestamp, now),
};
/** An integer column of a field. */
export const integer = (title: string, ...path: readonly string[]): Column => ({
  name: title,
  type: 'integer',
  cell: (object) => count(at(object, ...path)),
});

/** The wide columns of what has a pod template. */
export function podColumns(
  selector: Column['cell'],
  ...template: readonly string[]
): readonly Column[] {
  const joined =
    (field: string): Column['cell'] =>
    (object) => {
      const containers = at(object, ...template, 'spec', 'containers');
      return Array.isArray(containers)
        ? containers.map((container) => text(at(container, field))).join(',')
        : '';
    };
  return [
    { name: 'Containers', type: 'string', wide: true, cell: joined('name') },
    { name: 'Images', type: 'string', wide: true, cell: joined('image') },
    { name: 'Selector', type: 'string', wide: true, cell: selector },
  ];
}
