import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadFleet } from '../../src/fleet/load.ts';
import { identityFleet } from './identity-fleet.ts';
import { faultsOf, sound, soundFleet } from './support.ts';

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$/);
const distinct = (length: { minLength: number; maxLength: number }) =>
  fc.uniqueArray(label, length);

/** A fleet as data: JSON is YAML. */
const fleetFiles = fc
  .record({
    accounts: fc.uniqueArray(fc.stringMatching(/^\d{12}$/), { minLength: 1, maxLength: 4 }),
    hubs: distinct({ minLength: 1, maxLength: 2 }),
    targets: distinct({ minLength: 1, maxLength: 6 }),
    services: distinct({ minLength: 0, maxLength: 3 }),
    restarts: distinct({ minLength: 0, maxLength: 3 }),
    workloads: distinct({ minLength: 1, maxLength: 4 }),
    pick: fc.nat(),
  })
  .map(({ accounts, hubs, targets, services, restarts, workloads, pick }) => ({
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'any',
    image: 'registry.example.com/rollcall:1',
    accounts: Object.fromEntries(accounts.map((id, index) => [`a${index}`, id])),
    clusters: [
      ...hubs.map((name) => ({
        name: `hub-${name}`,
        account: 'a0',
        region: 'eu-west-1',
        oidcIssuer: `https://oidc.example.com/id/${name}`,
      })),
      ...targets.map((name, index) => ({
        name: `target-${name}`,
        account: `a${(pick + index) % accounts.length}`,
        region: index % 2 ? 'cn-north-1' : 'us-east-1',
        labels: { role: 'target', 'example.com/n': String(index) },
      })),
    ],
    services: services.map((name, index) => ({
      name,
      env: 'prd',
      cluster: `hub-${hubs[index % hubs.length] ?? ''}`,
      namespace: name,
      reach: [
        { clusters: index % 2 ? { role: 'target' } : targets.map((target) => `target-${target}`) },
      ],
    })),
    restarts:
      services.length === 0
        ? []
        : restarts.map((name, index) => ({
            name,
            service: services[index % services.length],
            schedule: `${pick % 60} ${pick % 24} * * *`,
            clusters: { role: 'target' },
            workloads: [{ namespace: 'x', names: workloads }],
          })),
  }));

it('any text gives a fleet or located faults, and never throws', () => {
  const pieces = `${soundFleet}${identityFleet}`.split(/(?<=[ \n:])/);
  const mixed = fc.array(
    fc.oneof(
      fc.constantFrom(...pieces),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('&a ', '*a ', '<<: ', '!!x ', '? ', '- ', '[', '{', '|\n', '---\n', '"', '#'),
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        mixed.map((parts) => parts.join('')),
      ),
      (text) => {
        const result = loadFleet(text, 'any.yaml');
        if (result.kind === 'fleet') return;
        const lines = text.replace(/^\ufeff/, '').split('\n');
        expect(result.diagnostics.length).toBeGreaterThan(0);
        for (const { line, column, source, found, expected, next } of result.diagnostics) {
          expect(lines[line - 1]?.replace(/\r$/, '')).toBe(source);
          expect(column).toBeGreaterThan(0);
          expect(found && expected && next).not.toBe('');
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('any part of the sound file lost, doubled or swapped never throws, and is in the order of places', () => {
  const fleets = [soundFleet, identityFleet];
  const line = fc.nat(200);
  fc.assert(
    fc.property(line, line, fc.constantFrom('lose', 'double', 'swap'), (first, second, how) => {
      const next = (fleets[(first + second) % 2] ?? '').split('\n');
      const [a, b] = [first % next.length, second % next.length];
      const lines = [...next];
      if (how === 'lose') next.splice(a, 1);
      else if (how === 'double') next.splice(b, 0, lines[a] ?? '');
      else [next[a], next[b]] = [lines[b] ?? '', lines[a] ?? ''];
      const result = loadFleet(next.join('\n'), 'any.yaml');
      if (result.kind === 'fleet') return;
      const places = result.diagnostics.map(({ line, column }) => line * 1e6 + column);
      expect(places).toEqual([...places].sort((x, y) => x - y));
    }),
    // Syntax errors, which the YAML library gives in an order of its own.
    { numRuns: 300, examples: [[22, 10, 'swap']] },
  );
});

it('a sound fleet keeps its names, in their order, and selects what its labels say', () => {
  fc.assert(
    fc.property(fleetFiles, (file) => {
      const fleet = sound(JSON.stringify(file, null, 2));
      const names = (items: readonly { name: string }[]) => items.map(({ name }) => name);
      expect(names(fleet.clusters)).toEqual(names(file.clusters));
      expect(names(fleet.services)).toEqual(names(file.services));
      expect(names(fleet.restarts)).toEqual(names(file.restarts));
      expect(Object.fromEntries(fleet.accounts.map(({ name, id }) => [name, id]))).toEqual(
        file.accounts,
      );
      const targets = names(file.clusters.filter(({ name }) => name.startsWith('target-')));
      for (const service of fleet.services) {
        expect(service.reach.flatMap(({ clusters }) => names(clusters))).toEqual(targets);
      }
      for (const { clusters } of fleet.restarts) expect(names(clusters)).toEqual(targets);
    }),
  );
});

it('a fault put into a sound fleet is reported at its line, alone', () => {
  const faults = fc.constantFrom(
    [/"account": "a0"/, '"account": "b0"', 'fleet/unknown-account'] as const,
    [/"region": "us-east-1"/, '"region": "us-east"', 'fleet/region'] as const,
    [/"kind": "Fleet"/, '"kind": "Fleet",  "kond": 1', 'fleet/unknown-key'] as const,
    [/"name": "target-/, '"name": "_target-', 'fleet/name'] as const,
    [/"a0": "(\d+)"/, '"a0": 9$1', 'fleet/unquoted-account-id'] as const,
  );
  fc.assert(
    fc.property(fleetFiles, faults, (file, [from, to, code]) => {
      const text = JSON.stringify({ ...file, services: [], restarts: [] }, null, 2);
      const broken = text.replace(from, to);
      const line = text.slice(0, text.search(from)).split('\n').length;
      expect(faultsOf(broken)).toEqual([expect.stringMatching(`^${code} ${line}:`)]);
    }),
  );
});

it('a service of several environments is what each of them would be, written out', () => {
  const text = (value: string) => fc.constantFrom(value, `${value}-{env}`, `{env}-${value}`);
  const keys = {
    cluster: fc.constantFrom('hub-{env}', 'hub-a'),
    namespace: text('one'),
    serviceAccount: text('runs'),
    role: text('role'),
    awsConfig: fc.boolean(),
    podIdentity: fc.constantFrom('irsa', 'eks-pod-identity'),
    policies: fc.constantFrom([], [{ actions: ['s3:Get*'], resources: ['arn:aws:s3:::{env}'] }]),
    reach: fc.constantFrom(
      [],
      [
        {
          clusters: { env: '{env}' },
          role: 'r-{env}',
          externalId: 'id:{env}',
          kubernetesUser: 'u:{env}',
        },
      ],
      [{ clusters: ['target-{env}'] }],
    ),
  };
  const own = fc.record(keys, { requiredKeys: ['cluster', 'namespace', 'serviceAccount'] });
  const envs = ['a', 'b', 'c'] as const;
  const differences = fc.dictionary(
    fc.constantFrom(...envs),
    fc.record({ ...keys, serviceAccount: fc.constant('other-{env}') }, { requiredKeys: [] }),
  );
  const fleetOf = (service: object) =>
    JSON.stringify({
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'Fleet',
      name: 'any',
      accounts: { one: '000000000001' },
      clusters: envs.flatMap((env) => [
        { name: `hub-${env}`, account: 'one', region: 'eu-west-1', oidcIssuer: `https://x/${env}` },
        { name: `target-${env}`, account: 'one', region: 'eu-west-1', labels: { env } },
      ]),
      services: [service],
    });
  fc.assert(
    fc.property(own, differences, (service, perEnv) => {
      // One ServiceAccount each, whatever else is alike.
      const shared = { name: 'x', ...service, serviceAccount: 'sa-{env}' };
      const { services } = sound(fleetOf({ ...shared, envs, perEnv }));
      expect(services.map(({ id }) => id)).toEqual(['x-a', 'x-b', 'x-c']);
      for (const [index, env] of envs.entries()) {
        const alone = { ...shared, ...perEnv[env], env };
        const filled = fleetOf(alone).replace(/"services":.*/s, (part) =>
          part.replace(/(arn:aws:s3:::)?\{env\}/g, (found, arn) => (arn ? found : env)),
        );
        const [written] = sound(filled).services;
        expect(withoutPlaces(services[index])).toEqual(withoutPlaces(written));
      }
    }),
  );
});

/** But for what says where it stands. */
const withoutPlaces = (service: object | undefined): unknown =>
  JSON.parse(
    JSON.stringify({ ...service, id: '' }, (key, value: unknown) =>
      key === 'path' ? undefined : value,
    ),
  );
