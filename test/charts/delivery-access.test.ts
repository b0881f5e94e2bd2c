import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { Output } from '../../charts/output.ts';
import type { OutputFormat } from '../../charts/output-format.ts';
import { compareAccess } from '../../charts/compare-access.ts';
import { examples, exampleText, treeOf } from './support/examples.ts';

const seed = exampleText('seed-000');
const isAccount = (who: string): boolean => who.includes('/rollcall-');
const linesOf = ({ access }: Output): readonly string[] =>
  access
    .filter(({ who }) => isAccount(who))
    .map(({ who, to, what }) => {
      expect(who.startsWith(`${to} `)).toBe(true);
      return `${who}: ${what}`;
    });

interface Made {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[];
}

/** What the files give: `CLUSTER NAMESPACE/ACCOUNT: verb resource place/name`, each. */
const given = ({ files }: Output): readonly string[] =>
  files.flatMap(({ path, text }) => {
    const cluster = /^manifests\/([^/]+)\/rights\//.exec(path)?.[1];
    if (cluster === undefined) return [];
    const objects = parseAllDocuments(text).map((one) => one.toJS() as Made);
    const idOf = ({ metadata: { namespace = '', name } }: Made) => `${namespace}/${name}`;
    const accounts = new Map(
      objects.flatMap((one) =>
        (one.subjects ?? []).map(({ namespace, name }) => [idOf(one), `${namespace}/${name}`]),
      ),
    );
    return objects.flatMap((role) =>
      (role.rules ?? []).flatMap(({ apiGroups, resources, resourceNames = ['*'], verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) =>
            resourceNames.flatMap((name) =>
              verbs.map((verb) => {
                const what = group === '' ? resource : `${group}/${resource}`;
                const place = role.metadata.namespace ?? '';
                return `${cluster} ${accounts.get(idOf(role)) ?? '?'}: ${verb} ${what} ${place}/${name}`;
              }),
            ),
          ),
        ),
      ),
    );
  });

/** The same of a line. */
function told(line: string): readonly string[] {
  const [, who = '', verbs = '', what = '', place = ''] =
    /^(\S+ \S+): ([a-z*]+(?:, [a-z*]+)*) (\S+) (.+)$/.exec(line) ?? [];
  const [, namespace = '', names = ''] =
    place === 'in the whole cluster' ? ['', '', '*'] : (/^(?:([^/]+)\/)?(.+)$/.exec(place) ?? []);
  return verbs
    .split(', ')
    .flatMap((verb) =>
      names.split(', ').map((name) => `${who}: ${verb} ${what} ${namespace}/${name}`),
    );
}

describe('the accounts by which Flux applies', () => {
  it('are in the list of accesses, with a line for each object', () => {
    const who = 'golf-prd flux-system/rollcall-grada-target';
    const role = 'sts/rollcall:grada:key-restarter';
    expect(linesOf(treeOf(seed, 'flux')).filter((line) => line.startsWith(who))).toEqual([
      `${who}: get, create, patch, bind, delete rbac.authorization.k8s.io/roles ${role}`,
      `${who}: get, create, patch, delete rbac.authorization.k8s.io/rolebindings ${role}`,
      `${who}: get, patch apps/deployments sts/sts-js-avro-decryption-processor`,
      `${who}: get, patch apps/deployments sts/sts-js-avro-encryption-processor`,
      `${who}: list, watch apps/deployments sts/*`,
    ]);
  });

  it.each(examples)('of %s may do there what the files give them, and nothing else', (name) => {
    const tree = treeOf(exampleText(name), 'flux');
    const lines = linesOf(tree);
    expect(new Set(lines.flatMap(told))).toEqual(new Set(given(tree)));
  });

  it('say where they may do something in the whole cluster', () => {
    const lines = linesOf(treeOf(exampleText('seed-002'), 'flux')).join('\n');
    expect(lines).toMatch(
      /-kiam: list, watch \S+ in the whole cluster$|-kiam: get, list, watch \S+ in the whole cluster$/m,
    );
    expect(lines).toMatch(/clusterroles [^/\n]+$/m);
  });

  it.each<OutputFormat>(['manifests', 'helm', 'kustomize'])('are none in the form %s', (form) => {
    expect(linesOf(treeOf(seed, form))).toEqual([]);
  });

  it.each([
    { serviceAccountName: 'fleet' },
    { via: 'helm', registry: 'oci://registry.example.com/charts', serviceAccountName: 'fleet' },
  ])('are none where someone else’s applies: %j', (flux) => {
    const text = `${seed}\ndelivery: ${JSON.stringify({ flux })}\n`;
    expect(linesOf(treeOf(text, 'flux'))).toEqual([]);
  });

  it('are new with the form, and gone with it; all else is unchanged', () => {
    const [plain, flux] = [treeOf(seed), treeOf(seed, 'flux')];
    const change = compareAccess(plain.access, flux.access);
    expect(change.unchanged).toBe(plain.access.length);
    expect(change.removed).toEqual([]);
    expect(change.added.length).toBeGreaterThan(4);
    expect(change.added.every(({ who }) => isAccount(who))).toBe(true);
    expect(compareAccess(flux.access, plain.access).removed).toEqual(change.added);
  });

  it('have nothing new where a workload is gone', () => {
    const less = seed.replace(
      /\n +- sts-js-avro-decryption-processor|sts-js-avro-decryption-processor,\s*|,\s*sts-js-avro-decryption-processor/,
      '',
    );
    expect(less).not.toBe(seed);
    const { added, removed } = compareAccess(
      treeOf(seed, 'flux').access,
      treeOf(less, 'flux').access,
    );
    expect(added.filter(({ who }) => who.endsWith('-hub'))).toEqual([]);
    expect(removed.some(({ what }) => /decryption/.test(what))).toBe(true);
  });
});
