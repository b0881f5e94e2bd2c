import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prepare } from '../../charts/pipeline.ts';
import { everyWayTexts } from '../access/support/every-way.ts';
import { fleetModels, fleetText, type FleetModel } from '../access/support/fleet-arbitrary.ts';
import { fleetOf } from '../access/support/plan.ts';
import { examples, exampleText, outputOf } from './support/examples.ts';
import { violations } from './support/violations.ts';

const violationsOf = (text: string): readonly string[] => violations(outputOf(text), fleetOf(text));

/** A role of someone else's can't be split: what it would have to trust may be over IAM's quota. */
function isTooLarge(text: string): boolean {
  const prepared = prepare(text, 'fleet.yaml');
  return (
    prepared.kind === 'invalid' &&
    prepared.diagnostics.every(({ code }) => code === 'iam/trust-too-large')
  );
}

describe('nothing that Kubernetes or IAM refuses, and nothing more than is needed', () => {
  it.each(examples)('%s', (name) => {
    expect(violationsOf(exampleText(name))).toEqual([]);
  });

  it('any fleet', () => {
    fc.assert(
      fc.property(fleetModels, (model) => {
        expect(violationsOf(fleetText(model))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('any fleet, with every way to an identity and into a cluster', () => {
    fc.assert(
      fc.property(everyWayTexts, (text) => {
        fc.pre(!isTooLarge(text));
        expect(violationsOf(text)).toEqual([]);
      }),
      { numRuns: Number(process.env.SOAK_RUNS ?? 40) },
    );
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
