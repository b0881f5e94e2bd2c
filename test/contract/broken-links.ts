import { afterAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../jobs/restart/report.ts';
import type { BreakableLink } from '../../src/simulator/breaks.ts';
import type { Laboratory } from './laboratory.ts';
import { TestFleets } from './support/fleets.ts';
import { outcomesOf } from './support/job.ts';
import { planned, restartsBy } from './support/restarts.ts';

/** Each workload of these clusters with a value. */
const of = <T>(clusters: string, value: T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    planned.filter((key) => clusters.includes(key.split('/')[0] ?? '')).map((key) => [key, value]),
  );

/** Who or what each workload that is not well was stopped by. */
const blamed = (report: Report | undefined) =>
  Object.fromEntries(
    (report?.workloads ?? []).flatMap(({ cluster, name, outcome }) => {
      if (outcome.kind === 'restarted') return [];
      const by = 'link' in outcome ? outcome.link : 'by' in outcome ? outcome.by : undefined;
      return [[`${cluster}/${name}`, `${outcome.kind} ${by ?? ''}`]];
    }),
  );

const everywhere = 'golf-prd golf-pp golf-dev';
const others = 'golf-pp golf-dev';

/** Each link of the chain, taken out: the job names it, and restarts all that does not depend on it. */
export function brokenLinkContract(laboratory: Laboratory): void {
  const test = laboratory.concurrent ? it.concurrent : it;
  const fleets = new TestFleets(laboratory);
  afterAll(() => fleets.close());

  async function runBroken(link: BreakableLink, organization = true) {
    const fleet = await fleets.start({ organization });
    expect(await fleet.lab.breakLink(link)).not.toEqual([]);
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
      ['gitops-revert', true, 'reverted argocd-controller', 'golf-prd'],
    ])('%s (one organization: %s): %s', async (link, organization, blame, clusters) => {
      const { code, report, restarts } = await runBroken(link, organization);
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

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}
