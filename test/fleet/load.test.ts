import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadFleet } from '../../src/fleet/load.ts';
import { changed, faultsOf, sound, soundFleet } from './support.ts';

/** Of a strategy that says nothing, but for its waves. */
const defaults = {
  preflight: 'each',
  maxConcurrentClusters: 10,
  maxConcurrentRollouts: 5,
  timeoutSeconds: 900,
  windows: [],
  blockers: [],
  blockerTimeoutSeconds: 900,
  evictOnDelete: false,
  diagnostics: false,
  argoRollouts: false,
};

describe('a sound file', () => {
  it('becomes a fleet with references and selectors resolved', () => {
    const fleet = sound(soundFleet);
    const [ci, prd, stg] = fleet.clusters;
    expect(prd).toMatchObject({
      name: 'golf-prd',
      eksCluster: 'golf_PRD',
      account: { name: 'golf', id: '012345678901' },
      partition: 'aws',
      connection: { endpoint: 'https://example.gr7.eu-west-1.eks.amazonaws.com' },
    });
    expect(stg).toMatchObject({ eksCluster: 'golf-stg', partition: 'aws-us-gov', labels: {} });
    const [service] = fleet.services;
    expect(service).toMatchObject({ kind: 'pod', id: 'key-restarter', path: ['services', 0] });
    expect(service?.kind === 'pod' && service.cluster).toBe(ci);
    expect(service?.reach).toEqual([
      {
        path: ['services', 0, 'reach', 0],
        clusters: [prd],
        role: 'sts-prd-js-encryption-role',
        rolePath: '/',
        existing: true,
        externalId: 'id:1',
        kubernetesUser: 'sts',
        policies: [],
      },
      {
        path: ['services', 0, 'reach', 1],
        clusters: [ci],
        role: 'eks-key-restarter-prd',
        rolePath: '/',
        existing: false,
        kubernetesUser: 'rollcall:grada:key-restarter-prd',
        policies: [],
      },
    ]);
    expect(fleet.restarts[0]).toEqual({
      name: 'after-key-creation',
      service,
      image: 'registry.example.com/rollcall:0.1.0',
      schedule: '15 2 * * 1',
      timeZone: 'Europe/London',
      suspend: true,
      clusters: [prd],
      workloads: [
        {
          namespaces: ['sts'],
          kind: 'Deployment',
          names: ['sts-js-avro-encryption-processor', 'other'],
          after: [],
        },
      ],
      strategy: {
        ...defaults,
        waves: [{ name: 'all', clusters: [prd], soakSeconds: 0, gates: [] }],
        maxConcurrentClusters: 3,
        maxConcurrentRollouts: 2,
        timeoutSeconds: 90,
      },
    });
  });

  it('has its defaults filled in', () => {
    const bare = [
      '    existingNamespace: true\n    serviceAccount: restarter\n    role: own-role\n',
      '    timeZone: Europe/London\n    suspend: true\n',
      '        kind: Deployment\n',
      '    strategy: {maxConcurrentClusters: 3, maxConcurrentRollouts: 2, timeout: 90s}\n',
    ].reduce((text, part) => changed(part, '', text), soundFleet);
    const fleet = sound(changed('eks-{service}-{env}', 'x.{env}', bare));
    expect(fleet.services[0]).toMatchObject({
      existingNamespace: false,
      serviceAccount: 'key-restarter',
      existingServiceAccount: false,
      role: 'x.prd',
    });
    expect(fleet.restarts[0]).toMatchObject({
      timeZone: 'Etc/UTC',
      suspend: false,
      workloads: [{ kind: 'Deployment', after: [] }],
      strategy: defaults,
    });
  });

  it('may have a byte order mark, CR LF, anchors and aliases', () => {
    const text = changed('{env: prd}', '&prd {env: prd}').replace(
      'clusters: {env: prd}',
      'clusters: *prd',
    );
    expect(sound(`\ufeff${text.replaceAll('\n', '\r\n')}`)).toEqual(sound(soundFleet));
  });

  it('gives later stages the places of their paths', () => {
    const result = loadFleet(soundFleet, 'fleet.yaml');
    if (result.kind !== 'fleet') throw new Error('not a fleet');
    const at = (path: (string | number)[], atKey = false) => {
      const problem = { code: 'x/y', path, atKey, found: '', expected: '', next: '' };
      const { line, column, source } = result.locate(problem);
      return [line, column, source.slice(column - 1)];
    };
    expect(at(['services', 0, 'role'])).toEqual([36, 11, 'own-role']);
    expect(at(['services', 0, 'role'], true)).toEqual([36, 5, 'role: own-role']);
    expect(at(['services', 0, 'reach', 1, 'role'])).toEqual([43, 9, 'clusters: [ci]']);
    expect(at(['services', 0, 'reach', 1, 'role', 7, 'x'], true)).toEqual([
      43,
      9,
      'clusters: [ci]',
    ]);
    expect(at([])).toEqual([1, 1, 'apiVersion: rollcall.dev/v1alpha1']);
  });
});

describe('labels', () => {
  it.each([
    ['{}', ['golf-prd', 'golf-stg']],
    ['{wave: canary}', ['golf-prd']],
    ['{wave: canary, env: prd}', ['golf-prd']],
    ['[golf-stg, golf-prd]', ['golf-stg', 'golf-prd']],
  ])('%s select %j, and never the hub', (selector, names) => {
    const text = changed('clusters: {env: prd}', `clusters: ${selector}`);
    expect(sound(text).services[0]?.reach[0]?.clusters.map(({ name }) => name)).toEqual(names);
  });
});

it('reports the five faults of examples/broken.yaml at their places', () => {
  const file = new URL('../../examples/broken.yaml', import.meta.url);
  const text = readFileSync(file, 'utf8');
  expect(faultsOf(text)).toEqual([
    'fleet/unquoted-account-id 9:9',
    'fleet/duplicate-key 20:5',
    'fleet/unknown-key 31:9',
    'fleet/schedule 35:15',
    'fleet/unknown-cluster 37:16',
  ]);
  // the comments number the faults in the order in which they are reported
  const numbered = text
    .split('\n')
    .flatMap((line, index) => (/# \d\. /.test(line) ? index + 1 : []));
  expect(numbered).toEqual([9, 20, 31, 35, 37]);
});

it('takes the example of docs/fleet-file.md', () => {
  const page = readFileSync(new URL('../../docs/fleet-file.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  expect(sound(example).restarts[0]?.clusters.map(({ name }) => name)).toEqual(['golf-prd']);
});

it('stops at five hundred problems, and says so', () => {
  const many = Array.from({ length: 2000 }, (_, index) => `  - {name: c${index}, acount: golf}`);
  const faults = faultsOf(changed('clusters:\n', `clusters:\n${many.join('\n')}\n`));
  expect(faults).toHaveLength(501);
  expect(faults.at(-1)).toMatch(/^fleet\/too-many /);
});

it('expands a bounded number of aliases, and a bounded depth', () => {
  const laughs = Array.from({ length: 20 }, (_, level) =>
    level === 0 ? 'a0: &a0 [x, x]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
  );
  expect(faultsOf(laughs.join('\n'))).toEqual([expect.stringMatching(/^fleet\/alias /)]);
  expect(faultsOf('['.repeat(100_000))).toEqual([expect.stringMatching(/^fleet\/yaml /)]);
  expect(faultsOf(`${'- '.repeat(100)}a`)).toEqual([expect.stringMatching(/^fleet\/yaml /)]);
});
