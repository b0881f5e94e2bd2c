import { afterAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../jobs/restart/report.ts';
import type { BreakableLink } from '../../src/simulator/breaks.ts';
import type { Lab, Laboratory } from './laboratory.ts';
import { breakAudience, breakProvider, breakRecord } from './support/breaks.ts';
import { TestFleets } from './support/fleets.ts';
import { outcomesOf } from './support/job.ts';
import { putBackOlder } from './support/older-stamp.ts';
import { clusterOf, never, planned, restartsBy } from './support/restarts.ts';

/** Each workload of these clusters with a value. */
const of = <T>(clusters: string, value: T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    planned.filter((key) => clusters.includes(clusterOf(key))).map((key) => [key, value]),
  );

/** Who or what each workload that is not well was stopped by, and whether that is a guess. */
const blamed = (report: Report | undefined) =>
  Object.fromEntries(
    (report?.workloads ?? []).flatMap(({ cluster, name, outcome }) => {
      if (outcome.kind === 'restarted') return [];
      const by = 'link' in outcome ? outcome.link : 'by' in outcome ? outcome.by : undefined;
      const perhaps = 'guessed' in outcome ? 'perhaps ' : '';
      return [[`${cluster}/${name}`, `${outcome.kind} ${perhaps}${by ?? ''}`]];
    }),
  );

const everywhere = 'golf-prd golf-pp golf-dev';
const others = 'golf-pp golf-dev';

/** Each link of the chain, taken out: the job names it, and restarts all that does not depend on it. */
export function brokenLinkContract(laboratory: Laboratory): void {
  const test = laboratory.concurrent ? it.concurrent : it;
  const fleets = new TestFleets(laboratory);
  afterAll(() => fleets.close());

  async function runBroken(spoil: (lab: Lab) => void | Promise<void>, organization = true) {
    const fleet = await fleets.start({ organization });
    await spoil(fleet.lab);
    const run = fleet.nextRun();
    return { ...(await fleet.run(run)), restarts: await restartsBy(fleet, run) };
  }

  describe('a broken link is named, and holds up nothing but its own cluster', () => {
    test.each<[BreakableLink, boolean, string, string]>([
      ['subject', true, 'forbidden subject', everywhere],
      ['hub-policy', true, 'forbidden hub-policy', 'golf-prd'],
      ['trust', true, 'forbidden trust', 'golf-prd'],
      ['trust', false, 'forbidden hub-policy-or-trust', 'golf-prd'],
      ['describe', true, 'forbidden describe', 'golf-prd'],
      ['mapping', true, 'forbidden mapping', 'golf-prd'],
      ['rbac', true, 'forbidden rbac', 'golf-prd'],
      ['gitops-revert', true, 'reverted perhaps argocd-controller', 'golf-prd'],
    ])('%s (one organization: %s): %s', async (link, organization, blame, clusters) => {
      const { code, report, restarts } = await runBroken(async (lab) => {
        expect(await lab.breakLink(link)).not.toEqual([]);
      }, organization);
      expect(blamed(report)).toEqual(of(clusters, blame));
      const well = clusters === everywhere ? '' : others;
      expect(outcomesOf(report)).toMatchObject(of(well, 'restarted'));
      expect(restarts).toMatchObject({
        ...of(everywhere, link === 'gitops-revert' ? 1 : 0),
        ...of(well, 1),
      });
      expect([code, report?.exit.name]).toEqual([3, 'incomplete']);
    });
  });

  describe('what all clusters depend on, taken out, is named, and nothing is restarted', () => {
    test.each([
      ['provider', breakProvider],
      ['audience', breakAudience],
    ])('%s', async (link, spoil) => {
      const { code, report, restarts } = await runBroken(spoil);
      expect(blamed(report)).toEqual(of(everywhere, `forbidden ${link}`));
      expect(restarts).toEqual(never);
      expect([code, report?.exit.name]).toEqual([3, 'incomplete']);
    });

    test('record', async () => {
      const { code, report, stderr, restarts } = await runBroken(breakRecord);
      expect(stderr).toMatch(
        /^\S+ incomplete: the run record can't be used, so nothing is restarted: .*403.* cannot get resource "configmaps" .*\n$/,
      );
      expect(restarts).toEqual(never);
      expect([code, report]).toEqual([3, undefined]);
    });
  });

  test('who puts an older stamp back owns it, and is named for certain', async () => {
    const { code, report, restarts } = await runBroken((lab) => {
      putBackOlder(lab, 'golf-prd', 'argocd-controller');
    });
    expect(blamed(report)).toEqual(of('golf-prd', 'reverted argocd-controller'));
    expect(restarts).toMatchObject(of(everywhere, 1));
    expect([code, report?.exit.name]).toEqual([3, 'incomplete']);
  });

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}
