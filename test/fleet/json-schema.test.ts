import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { fleetJsonSchema } from '../../src/fleet/json-schema.ts';

interface Node {
  readonly description?: string;
  readonly additionalProperties?: boolean | Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Every property with its path, `clusters[].name`. */
function propertiesOf(node: Node, path = ''): [path: string, node: Node, parent: Node][] {
  // Of conditions, selectors and the like no branch has keys that the format names.
  if (node.anyOf) return node.anyOf.flatMap((branch) => propertiesOf(branch, path));
  if (node.items) return propertiesOf(node.items, `${path}[]`);
  return Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
    const at = path ? `${path}.${key}` : key;
    return [[at, property, node], ...propertiesOf(property, at)] as [string, Node, Node][];
  });
}

/** Explained once, wherever they stand. */
const sharedParts = /^.*\b((?:podIdentity|policies\[\])\.)/;
/** A second place of what stands under `podIdentity`. */
const samePart = /^.*\bmigratingFrom\./;

const properties = propertiesOf(fleetJsonSchema());

it('describes every property, and allows no others', () => {
  expect(properties.length).toBeGreaterThan(40);
  for (const [path, node, parent] of properties) {
    expect([path, node.description]).toEqual([path, expect.stringMatching(/\.$/)]);
    expect([path, parent.additionalProperties]).toEqual([path, false]);
  }
});

it('has each of its properties explained in docs/fleet-file.md, and no others are', () => {
  const page = readFileSync(new URL('../../docs/fleet-file.md', import.meta.url), 'utf8');
  const explained = [...page.matchAll(/^\| `([a-zA-Z0-9[\].-]+)` +\|/gm)].map(([, path]) => path);
  const paths = properties.map(([path]) =>
    path.replace(samePart, 'podIdentity.').replace(sharedParts, '$1'),
  );
  expect(explained.sort()).toEqual([...new Set(paths)].sort());
});
