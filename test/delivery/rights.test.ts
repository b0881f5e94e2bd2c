import { describe, expect, it } from '@jest/globals';
import { kindOf } from '../../src/delivery/kinds.ts';
import { isNamespace, type KubeObject } from '../../src/delivery/objects.ts';
import { accountObjects } from '../../src/delivery/rights.ts';
import type { Rule } from '../../src/delivery/rules.ts';
import { allCharts } from './support.ts';

type Made = KubeObject & {
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly object[];
};

const account = (fleet: string, chart: string) => ({
  fleet,
  chart,
  name: 'who',
  namespace: 'flux',
});
const placeOf = ({ metadata }: KubeObject): string => metadata.namespace ?? '';
const isPrune = ({ metadata }: KubeObject): boolean => metadata.name.includes('-prune-');

interface Right {
  readonly verb: string;
  readonly what: string;
}

/** `verb group/resource place/name`, each; a rule without names has `*`. */
const rightsOf = (made: readonly Made[]): readonly Right[] =>
  made.flatMap((role) =>
    (role.rules ?? []).flatMap(({ apiGroups, resources, resourceNames = ['*'], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          resourceNames.flatMap((name) =>
            verbs.map((verb) => ({ verb, what: `${group}/${resource} ${placeOf(role)}/${name}` })),
          ),
        ),
      ),
    ),
  );

const whatOf = (object: KubeObject): string => {
  const { group, plural } = kindOf(object);
  return `${group}/${plural} ${placeOf(object)}/${object.metadata.name}`;
};

const textsOf = (rights: readonly Right[]) =>
  new Set(rights.map(({ verb, what }) => `${verb} ${what}`));

describe.each(allCharts)('$title', ({ fleet, kind, objects: all }) => {
  const objects = all.filter((object) => !isNamespace(object));
  const made = accountObjects(account(fleet, kind), objects) as readonly Made[];

  it('may read, create and change each object by its name', () => {
    const rights = textsOf(rightsOf(made.filter((one) => !isPrune(one))));
    const needed = objects.flatMap((one) =>
      ['get', 'create', 'patch'].map((verb) => `${verb} ${whatOf(one)}`),
    );
    expect(needed.filter((right) => !rights.has(right))).toEqual([]);
  });

  it('may delete what Flux prunes, and nothing else', () => {
    const rights = textsOf(rightsOf(made.filter(isPrune)));
    const pruned = objects.filter(
      ({ metadata }) => metadata.annotations?.['kustomize.toolkit.fluxcd.io/prune'] !== 'disabled',
    );
    expect(rights).toEqual(
      new Set([
        ...objects.map((one) => `get ${whatOf(one)}`),
        ...pruned.map((one) => `delete ${whatOf(one)}`),
      ]),
    );
    const others = rightsOf(made.filter((one) => !isPrune(one)));
    const granted = textsOf(rightsOf(objects));
    const deleting = others.filter(({ verb }) =>
      ['delete', 'deletecollection', '*'].includes(verb),
    );
    expect([...textsOf(deleting)].filter((right) => !granted.has(right))).toEqual([]);
  });

  it('holds what its Roles grant, binds the roles that are named, and never escalates', () => {
    const rights = textsOf(rightsOf(made));
    expect(
      [...textsOf(rightsOf(objects as readonly Made[]))].filter((one) => !rights.has(one)),
    ).toEqual([]);
    const bound = (objects as readonly Made[]).flatMap((one) => {
      const { roleRef } = one;
      const resource = roleRef?.kind === 'Role' ? 'roles' : 'clusterroles';
      return roleRef
        ? [`bind rbac.authorization.k8s.io/${resource} ${placeOf(one)}/${roleRef.name}`]
        : [];
    });
    const binds = [...rights].filter((right) => right.startsWith('bind '));
    expect(binds.sort()).toEqual([...new Set(bound)].sort());
    expect(
      [...rights].filter((right) =>
        /^(?:escalate|impersonate) |\/secrets |\/namespaces .*\/\w/.test(right),
      ),
    ).toEqual([]);
  });

  it('is bound in the same place, to the account alone', () => {
    const bindings = made.filter(({ roleRef }) => roleRef !== undefined);
    const roles = made.filter(({ rules }) => rules !== undefined);
    const idOf = (one: Made) => `${placeOf(one)}/${one.metadata.name}`;
    expect(bindings.map(idOf)).toEqual(roles.map(idOf));
    for (const { metadata, roleRef, subjects } of bindings) {
      expect(roleRef?.name).toBe(metadata.name);
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'who', namespace: 'flux' }]);
    }
  });
});

it('a kind whose plural is not known is an error, not a missing right', () => {
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'y' } };
  expect(() => accountObjects(account('f', 'hub'), [object])).toThrow('v1 Secret');
});

it('other objects have another Role for deleting, the same have the same', () => {
  const one = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n' } };
  const two = { ...one, metadata: { ...one.metadata, name: 'b' } };
  const pruneOf = (objects: readonly KubeObject[]) =>
    accountObjects(account('f', 'hub'), objects)
      .filter(isPrune)
      .map(({ metadata }) => metadata.name);
  expect(pruneOf([one])).toEqual(pruneOf([{ ...one }]));
  expect(pruneOf([one])).not.toEqual(pruneOf([one, two]));
});
