import { annotations } from '../forms.ts';
import { textAt, type KubeObject } from '../json.ts';
import { labelOf, objectsOf, type Table } from '../knob.ts';
import { imageTable, type Pods } from './pods.ts';
import { restartsTable } from './restarts.ts';

/** A hub's: its restarts, the ServiceAccounts of its services, its tests. */
export function hubTable(objects: readonly KubeObject[]): Table {
  return joined([restartsTable(objects), servicesTable(objects), checksTable(objects)]);
}

const joined = (tables: readonly Table[]): Table => ({
  groups: tables.flatMap(({ groups }) => groups),
  knobs: tables.flatMap(({ knobs }) => knobs),
});

function servicesTable(objects: readonly KubeObject[]): Table {
  const accounts = objectsOf(objects, 'ServiceAccount', 'identity').map((object) => ({
    object,
    name: labelOf(objects[object] as KubeObject, 'instance'),
  }));
  return {
    groups: [
      { path: ['serviceAccounts'], comment: 'The services’ ServiceAccounts.' },
      ...accounts.map(({ object, name }) => ({
        path: ['serviceAccounts', name],
        comment: `That of the service ${name}, ${textAt(objects[object] ?? {}, ['metadata', 'name'])}.`,
      })),
    ],
    knobs: accounts.map(({ object, name }) => ({
      path: ['serviceAccounts', name, 'annotations'],
      each: 'service',
      comment: 'Annotations besides its own, which say which AWS role it has.',
      default: {},
      form: annotations({ 'example.com/contact': 'orchard' }),
      places: [{ kind: 'entries', object, path: ['metadata', 'annotations'] }],
    })),
  };
}

/** Pods that list a bucket, to see whether an identity works. */
function checksTable(objects: readonly KubeObject[]): Table {
  const checks = objectsOf(objects, 'Pod', 'test');
  if (checks.length === 0) return { groups: [], knobs: [] };
  const pods: Pods = { objects, templates: checks.map((object) => ({ object, path: [] })) };
  return imageTable(pods, ['tests', 'image'], 'the pods that list a bucket', 'hub');
}
