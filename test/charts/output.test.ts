import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutputFile } from '../../src/iam/render.ts';
import { fleetModels, fleetText, type FleetModel } from '../access/support/fleet-arbitrary.ts';
import { examples, exampleText, outputOf } from './support/examples.ts';
import { awsAuthViolations, iamViolations } from './support/iam-violations.ts';
import { kubeViolations } from './support/kube-violations.ts';

const violations = (files: readonly OutputFile[]): readonly string[] => [
  ...kubeViolations(files),
  ...iamViolations(files),
  ...awsAuthViolations(files),
];

describe('nothing that Kubernetes or IAM refuses, and nothing more than is needed', () => {
  it.each(examples)('%s', (name) => {
    expect(violations(outputOf(exampleText(name)))).toEqual([]);
  });

  it('any fleet', () => {
    fc.assert(
      fc.property(fleetModels, (model) => {
        expect(violations(outputOf(fleetText(model)))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the checks see', () => {
  const output = outputOf(exampleText('two-partitions'));
  it.each([
    ['- patch', "- '*'"],
    ['- deployments', '- secrets'],
    ['- get', '- delete'],
    ['    resourceNames:\n      - cart\n      - checkout\n', ''],
    ['kind: Role\n', 'kind: ClusterRole\n'],
    ['kind: RoleBinding', 'kind: ConfigMap'],
    ['part-of: atlas', 'part-of: a b'],
    ['part-of: atlas', 'part-of: 1e3'],
    ['part-of: atlas', 'part-of: 0o17'],
    ['namespace: shop', 'namespace: Shop'],
    ['  namespace: shop\n', ''],
    ['  policyTypes:', '  ingress: []\n  policyTypes:'],
    ['name: platform', 'name: kube-system'],
    ['after-certificate-plan', 'aws-auth'],
    ['name: rollcall:key-restarter-prd', 'name: system:masters'],
    ['role/eks-key-restarter-prd', 'role/*'],
    ['role/eks-key-restarter-prd', 'user/x'],
    ['cluster/shop-stg', 'cluster/*'],
    ['"sts:AssumeRole"', '"sts:*"'],
    [
      ':sub": "system:serviceaccount:platform:key-restarter"',
      ':sub": "system:serviceaccount:platform:*"',
    ],
    [':aud"', ':azp"'],
    ['"StringEquals"', '"StringLike"'],
    ['arn:aws:iam::000000000010:oidc-provider/', 'arn:aws:iam::000000000010:oidc-provider/x.'],
    ['groups: []', 'groups: [system:masters]'],
    ['role/eks', 'role/path/eks'],
  ])('%j → %j', (from, to) => {
    const hit = output.find(({ text }) => text.includes(from));
    expect(hit).toBeDefined();
    const broken = output.map((file) => ({ ...file, text: file.text.replaceAll(from, to) }));
    expect(violations(broken)).not.toEqual([]);
  });
});

describe('the checks see what no plan asks for', () => {
  const output = outputOf(exampleText('strategy'));
  it.each([
    ['"diagnostics":true', '"diagnostics":false'],
    ['"evictOnDelete":true', '"evictOnDelete":false'],
    ['"argoRollouts":true', '"argoRollouts":false'],
    ['"selector":{"app.kubernetes.io/part-of":"keys"}', '"name":"x"'],
    ['"kind":"job"', '"kind":"approval"'],
    ['"name":"probes"', '"name":"other"'],
    ['"namespace":"monitoring",', ''],
    ['"resource":"nodes"', '"resource":"pods"'],
    ['"lease":"by-hand-lock"', '"lease":"lock"'],
    ['- key-store\n', '- key-store\n      - other\n'],
    ['- hub-gateway', '- other'],
    ['- argoproj.io', '- apps'],
    ['- pods/eviction', '- pods/exec'],
    ['- create', '- delete'],
    ['- jobs', '- cronjobs'],
    ['kind: ClusterRole\n', 'kind: Role\n'],
  ])('%j → %j', (from, to) => {
    expect(output.some(({ text }) => text.includes(from))).toBe(true);
    const broken = output.map((file) => ({ ...file, text: file.text.replaceAll(from, to) }));
    expect(violations(broken)).not.toEqual([]);
  });
});

it('another cluster changes its own files, the hub’s role and the order, and nothing else', () => {
  fc.assert(
    fc.property(fleetModels, fc.nat(7), (model, place) => {
      const before = outputOf(fleetText(model));
      const after = outputOf(fleetText(withCluster(model, place)));
      const texts = new Map(before.map(({ path, text }) => [path, text]));
      const [service] = model.services;
      const role = service?.role ?? `eks-${service?.name}-prd`;
      const changed = after.filter(({ path, text }) => texts.get(path) !== text);
      expect(changed.map(({ path }) => path).sort()).toEqual(
        [
          '_aws-auth/new.yaml',
          '_iam/777777777777/new/permissions.json',
          '_iam/777777777777/new/trust-policy.json',
          `_iam/000000000001/${role}/permissions.json`,
          '_iam/apply-order.json',
        ].sort(),
      );
      expect(after.length - before.length).toBe(
        texts.has(`_iam/000000000001/${role}/permissions.json`) ? 3 : 4,
      );
    }),
    { numRuns: 25 },
  );
});

/** The fleet with a cluster more, in an account of its own, reached by the first service. */
function withCluster(model: FleetModel, place: number): FleetModel {
  const region = model.clusters[0]?.region ?? '';
  const reach = { clusters: ['new'], role: 'new' };
  return {
    ...model,
    accounts: { ...model.accounts, new: '777777777777' },
    clusters: model.clusters.toSpliced(place, 0, { name: 'new', account: 'new', region }),
    services: model.services.map((service, index) =>
      index === 0 ? { ...service, reach: [reach, ...service.reach] } : service,
    ),
  };
}
