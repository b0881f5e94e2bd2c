import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fleetCodes } from '../../src/fleet/codes.ts';
import { loadFleet } from '../../src/fleet/load.ts';
import { changedDelivery, deliveryCases, soundDeliveries } from './delivery-faults.ts';
import { changedIdentity, identityCases, soundIdentities } from './identity-faults.ts';
import { migrationCases, soundMigrations } from './migration-faults.ts';
import { changedStrategy, restartCases, soundChanges } from './restart-faults.ts';
import { changed, faultsOf, soundFleet } from './support.ts';

/**
 * What is changed in the sound file, and the faults that this alone makes. Each is expected at its
 * `§`, in their order; a case without `§` names the places.
 */
type Case = readonly [from: string, to: string, ...faults: string[]];

const newService = (more: string) =>
  `services:\n  - {name: §second, env: prd, cluster: ci, namespace: two${more}}\n`;
const restartsIn = (clusters: string) => `clusters: ${clusters}\n    workloads`;

const text: readonly Case[] = [
  [soundFleet, '§', 'fleet/empty-file'],
  [soundFleet, '§---\n# nothing\n', 'fleet/empty-file'],
  [soundFleet, `§${'x'.repeat(2 ** 21 + 1)}`, 'fleet/too-large'],
  [soundFleet, '§just text', 'fleet/wrong-type'],
  ['grada', 'gr§\ufffdda', 'fleet/encoding'],
  ['grada', 'gr§\u0000da', 'fleet/encoding'],
  ['grada', 'gr§\ud800da', 'fleet/encoding'],
  ['grada', 'grada§\rkind: x', 'fleet/encoding'],
  ['kind: Fleet', 'kind: §Fleet: x', 'fleet/yaml'],
  ['  golf: "012', '§\tgolf: "012', 'fleet/yaml'],
  ['services:', '§---\nservices:', 'fleet/yaml'],
  ['apiVersion', '§%YAML 1.1\n---\napiVersion', 'fleet/yaml'],
  ['grada', '§!fleet grada', 'fleet/yaml'],
  ['grada', '§*name', 'fleet/alias'],
  ['suspend: true', '§<<: {suspend: true}', 'fleet/merge-key'],
  ['kind: Fleet', 'kind: Fleet\n§kind: Fleet', 'fleet/duplicate-key'],
  ['suspend: true', '§__proto__: {a: 1}', 'fleet/unknown-key'],
];

const shape: readonly Case[] = [
  ['existing: true', '§exsting: true', 'fleet/unknown-key'],
  ['namespace: sts', '§namspace: sts', 'fleet/unknown-key'],
  ['name: key-restarter', '§title: x', 'fleet/missing-key', 'fleet/unknown-key'],
  ['clusters: [ci]', '§kubernetesUser: x', 'fleet/missing-key'],
  ['name: ci\n', '§title: ci\n', 'fleet/missing-key', 'fleet/unknown-key'],
  ['name: grada', 'name: §12', 'fleet/wrong-type'],
  ['name: grada', 'name:§', 'fleet/wrong-type'],
  ['wave: canary', 'wave: §1', 'fleet/wrong-type'],
  ['clusters: [ci]', 'clusters: §ci', 'fleet/wrong-type'],
  ['clusters: [ci]', 'clusters: [ci, §{a: b}]', 'fleet/wrong-type'],
  ['Clusters: 3', 'Clusters: §1.5', 'fleet/wrong-type'],
  ['podIdentity: irsa', 'podIdentity: §kaim', 'fleet/unknown-value'],
  ['v1alpha1', 'v1', 'fleet/unknown-value 1:13'],
  ['Clusters: 3', 'Clusters: §0', 'fleet/out-of-range'],
  ['Rollouts: 2', 'Rollouts: §101', 'fleet/out-of-range'],
  ['[sts-js-avro-encryption-processor, other]', '§[]', 'fleet/empty'],
  ['clusters: [ci]', 'clusters: §[]', 'fleet/empty'],
];

const form: readonly Case[] = [
  ['name: grada', 'name: §Grada', 'fleet/name'],
  ['name: golf-stg', 'name: §..', 'fleet/name'],
  ['name: golf-stg', 'name: §_golf', 'fleet/name'],
  ['after-key-creation', `§${'a'.repeat(53)}`, 'fleet/name'],
  ['  golf: "', '  §Golf: "012345678902"\n  golf: "', 'fleet/name'],
  ['"012345678901"', '§"01234567890"', 'fleet/account-id'],
  ['"012345678901"', '§012345678901', 'fleet/unquoted-account-id'],
  ['region: us-gov-west-1', 'region: §eu-west-1a', 'fleet/region'],
  ['golf_PRD', '§_PRD', 'fleet/eks-name'],
  ['own-role', '§"."', 'fleet/role-name'],
  ['own-role', '§..', 'fleet/role-name'],
  ['own-role', '§team/own', 'fleet/role-name'],
  ['"eks-{service}-{env}"', '§"{region}"', 'fleet/role-template'],
  ['"eks-{service}-{env}"', '§"{env"', 'fleet/role-template'],
  ['"id:1"', '§"#"', 'fleet/external-id'],
  ['kubernetesUser: sts', 'kubernetesUser: §system:masters', 'fleet/kubernetes-user'],
  ['kubernetesUser: sts', 'kubernetesUser: §"a{{SessionName}}"', 'fleet/kubernetes-user'],
  ['wave: canary', 'wave: §a b', 'fleet/label'],
  ['wave: canary', '§-wave: canary', 'fleet/label'],
  ['https://oidc', '§http://oidc', 'fleet/issuer'],
  ['https://oidc.eks.eu-west-1', '§https://oidc.eks.eu-west-2', 'fleet/issuer'],
  [
    'region: us-gov-west-1',
    'region: us-gov-west-1\n    oidcIssuer: §https://oidc-eks.us-gov-east-1.api.aws/id/X',
    'fleet/issuer',
  ],
  ['https://example', '§https://user:x@example', 'fleet/connection'],
  ['certificateAuthority: ', 'certificateAuthority: §x', 'fleet/connection'],
  ['registry.example.com/rollcall:0.1.0', '§Roll call', 'fleet/image'],
  ['"15 2 * * 1"', '§"0 15 2 * * 1"', 'fleet/schedule'],
  ['"15 2 * * 1"', '§"TZ=UTC 15 2 * * 1"', 'fleet/schedule'],
  ['"15 2 * * 1"', '§"@daily"', 'fleet/schedule'],
  ['Europe/London', '§Local', 'fleet/time-zone'],
  ['Europe/London', '§""', 'fleet/time-zone'],
  ['timeout: 90s', 'timeout: §0s', 'fleet/duration'],
];

const meaning: readonly Case[] = [
  ['account: cranberry', 'account: §cranbery', 'fleet/unknown-account'],
  // Its service has it from there, and says nothing of it.
  ['podIdentity: irsa', 'podIdentity: irsa\n    migratingFrom: §irsa', 'fleet/migrating-from'],
  ['cluster: ci', 'cluster: §c1', 'fleet/unknown-cluster'],
  ['clusters: [ci]', 'clusters: [§golf-str]', 'fleet/unknown-cluster'],
  ['service: key-restarter', 'service: §restarter', 'fleet/unknown-service'],
  ['name: golf-stg', 'name: §golf-prd', 'fleet/duplicate-name'],
  ['"012345678901"', '§"903716715040"', 'fleet/duplicate-account-id'],
  [
    'name: golf-stg\n    account: golf\n    region: us-gov-west-1',
    '§name: golf-again\n    eksCluster: golf_PRD\n    account: golf\n    region: eu-west-1',
    'fleet/duplicate-cluster',
  ],
  [
    'region: us-gov-west-1',
    'region: eu-west-1\n    oidcIssuer: §https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E',
    'fleet/duplicate-cluster',
  ],
  [
    'restarts:',
    '  - §{name: second, env: prd, cluster: ci, namespace: sts, serviceAccount: restarter}\nrestarts:',
    'fleet/duplicate-service-account',
  ],
  [
    'restarts:',
    '  - {name: §key-restarter, env: prd, cluster: ci, namespace: two}\nrestarts:',
    'fleet/duplicate-name',
  ],
  ['[sts-js-avro-encryption-processor, other]', '[a, b, §a]', 'fleet/duplicate-workload'],
  ['clusters: [ci]', 'clusters: [ci, §ci]', 'fleet/repeated-cluster'],
  ['clusters: [ci]', 'clusters: §[golf-prd]', 'fleet/overlapping-reach'],
  [
    'restarts:',
    '  - {name: second, env: prd, cluster: golf-stg, namespace: two}\nrestarts:',
    'fleet/hub-without-issuer 26:5',
  ],
  ['role: sts-prd-js-encryption-role\n        ', '§', 'fleet/existing-without-role'],
  ['clusters: [ci]', 'clusters: §{env: prod}', 'fleet/empty-selection'],
  [
    'clusters: {env: prd}\n        role',
    'clusters: §{wave: x}\n        role',
    'fleet/empty-selection',
  ],
  [restartsIn('{env: prd}'), restartsIn('§{}'), 'fleet/not-reached'],
  [restartsIn('{env: prd}'), restartsIn('[ci, §golf-stg]'), 'fleet/not-reached'],
  ['image: registry.example.com/rollcall:0.1.0\n', '', 'fleet/missing-image 43:1'],
  ['services:\n', newService('').replace('second', 'x'.repeat(60)), 'fleet/role-name'],
];

function placed(marked: string, faults: readonly string[]): readonly string[] {
  const places = [...marked.matchAll(/§/g)].map(({ index }) => {
    const lines = marked.slice(0, index).replaceAll('§', '').split('\n');
    return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
  });
  return faults.map((fault, index) =>
    fault.includes(' ') ? fault : `${fault} ${places[Math.min(index, places.length - 1)]}`,
  );
}

describe('each fault is reported alone, at its place', () => {
  it.each([...text, ...shape, ...form, ...meaning])('%j → %j: %j', (from, to, ...faults) => {
    const marked = changed(from, to);
    expect(faultsOf(marked.replaceAll('§', ''))).toEqual(placed(marked, faults));
  });

  it.each(restartCases)('in a restart: %j → %j: %j', (from, to, ...faults) => {
    const marked = changedStrategy(from, to);
    expect(faultsOf(marked.replaceAll('§', ''))).toEqual(placed(marked, faults));
  });

  it.each([...identityCases, ...migrationCases])(
    'in identities: %j → %j: %j',
    (from, to, ...faults) => {
      const marked = changedIdentity(from, to);
      expect(faultsOf(marked.replaceAll('§', ''))).toEqual(placed(marked, faults));
    },
  );

  it.each(deliveryCases)('in delivery: %j → %j: %j', (from, to, ...faults) => {
    const marked = changedDelivery(from, to);
    expect(faultsOf(marked.replaceAll('§', ''))).toEqual(placed(marked, faults));
  });
});

it.each(soundChanges)('%j → %j is sound', (from, to) => {
  expect(faultsOf(changedStrategy(from, to))).toEqual([]);
});

it.each([...soundIdentities, ...soundMigrations])('in identities: %j → %j is sound', (from, to) => {
  expect(faultsOf(changedIdentity(from, to))).toEqual([]);
});

it.each(soundDeliveries)('in delivery: %j → %j is sound', (from, to) => {
  expect(faultsOf(changedDelivery(from, to))).toEqual([]);
});

const allCases = [
  ...text,
  ...shape,
  ...form,
  ...meaning,
  ...restartCases,
  ...identityCases,
  ...deliveryCases,
  ...migrationCases,
].flatMap(([, , ...faults]) => faults);

it('every code is reached by a case, and explained in docs/errors.md', () => {
  const reached = new Set(['fleet/too-many', ...allCases.map((fault) => fault.split(' ')[0])]);
  expect([...reached].sort()).toEqual([...fleetCodes].sort());
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const explained = [...page.matchAll(/^\| `(fleet\/[a-z-]+)`/gm)].map(([, code]) => code);
  expect(explained).toEqual([...fleetCodes]);
});

describe('what is said teaches', () => {
  const said = (from: string, to: string) => {
    const result = loadFleet(changed(from, to), 'fleet.yaml');
    if (result.kind === 'fleet') throw new Error('no fault');
    const [first] = result.diagnostics;
    return `${first?.found} → ${first?.next}`;
  };

  it.each([
    [
      '"012345678901"',
      '012345678901',
      'the number 12345678901, written 012345678901 → Put it in quotes: "012345678901". As a number an id loses its leading zeros.',
    ],
    [
      '"012345678901"',
      '12345678901',
      'the number 12345678901 → Put all 12 digits in quotes, such as "012345678901". As a number an id loses its leading zeros.',
    ],
    ['wave: canary', 'wave: 0x1', 'the number 1, written 0x1 → Put it in quotes: "0x1".'],
    ['existing: true', 'exsting: true', 'the key "exsting" → Write "existing".'],
    [
      'service: key-restarter',
      'service: key-restatrer',
      'the service "key-restatrer" → Write "key-restarter".',
    ],
    ['suspend: true', 'suspend: "yes"', 'the text "yes" → Write true or false here.'],
    ['suspend: true', 'soak: 10m', 'the key "soak" → Write one of these, or remove it.'],
    [
      'naming:\n  role: "eks-{service}-{env}"',
      'naming: [1]',
      'a list of 1 → Write a map of keys to values here.',
    ],
    [
      '{env: prd}\n    workloads',
      '{env: prd, wave: x}\n    workloads',
      'no cluster with {env: prd, wave: x} → Correct the labels, here or of the clusters, or list clusters by name.',
    ],
    [
      'restarts:',
      '  - {name: second, env: prd, cluster: golf-stg, namespace: two}\nrestarts:',
      'irsa in the cluster "golf-stg", which has no oidcIssuer → Add oidcIssuer to the cluster: what `aws eks describe-cluster --query cluster.identity.oidc.issuer` shows.',
    ],
    ...['edit', '[edit]', '[{level: view}, edit]'].map((rights) => [
      'restarts:',
      `users:\n  - {name: x, arn: "arn:aws:iam::555555555555:role/x", clusters: {}, rights: ${rights}}\nrestarts:`,
      `the text "edit" → Write a list of maps, such as [{level: edit}].`,
    ]),
    [
      'restarts:',
      'users:\n  - {name: x, arn: "arn:aws:iam::555555555555:role/x", clusters: {}, rights: {level: edit}}\nrestarts:',
      'a map of level → Write a list of maps, such as [{level: view}].',
    ],
  ])('%j → %j', (from = '', to = '', message) => {
    expect(said(from, to)).toBe(message);
  });

  const nextOf = (text: string) => {
    const result = loadFleet(text, 'fleet.yaml');
    return result.kind === 'fleet' ? [] : result.diagnostics.map(({ next }) => next);
  };

  it('of many errors of YAML, which echo the first, it shows three and says how many follow', () => {
    const faulty = (count: number) => '\tx: 1\n'.repeat(count);
    expect(nextOf(faulty(3))).toEqual(Array(3).fill('Indent with spaces.'));
    const first = nextOf(faulty(8));
    expect(first).toHaveLength(3);
    expect(first.slice(0, 2)).toEqual(Array(2).fill('Indent with spaces.'));
    expect(first[2]).toMatch(
      /^Indent with spaces\. 5 more are not shown: most go with the first\.$/,
    );
  });
});
