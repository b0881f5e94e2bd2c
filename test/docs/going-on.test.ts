import { expect, it } from '@jest/globals';
import type { Report } from '../../jobs/restart/report.ts';
import { SimFleet } from '../jobs/restart/support/sim-fleet.ts';
import { codeBlocks, readPage } from './markdown.ts';

const page = await readPage('docs/restarts.md');
const instant = Date.UTC(2026, 10, 23, 2, 15);
const minute = 60_000;

/** The data that docs/restarts.md has an operator patch the first ConfigMap with. */
function documentedPatch(): Readonly<Record<string, string | null>> {
  const [command = ''] = codeBlocks(page, 'sh').filter((block) => block.includes('"data"'));
  const text = /-p '(\{.*\})'/.exec(command)?.[1] ?? '';
  return (JSON.parse(text) as { readonly data: Readonly<Record<string, string | null>> }).data;
}

const outcomesOf = (report: Report): readonly string[] =>
  report.workloads.map(({ outcome }) =>
    outcome.kind === 'skipped' ? outcome.reason : outcome.kind,
  );

it('docs/restarts.md has a way to take a halt back, and go on with the same run', async () => {
  const fleet = new SimFleet(2, [{ name: 'a' }]);
  const { strategy, targets, ...rest } = fleet.plan({
    strategy: { failureBudget: { kind: 'count', count: 0 } },
  });
  const plan = {
    ...rest,
    targets: targets.map((target, index) => ({ ...target, wave: index })),
    strategy: {
      ...strategy,
      waves: ['first', 'second'].map((name) => ({ name, soakSeconds: 600, gates: [] })),
    },
  };
  const stampByHand = (stamp: string | null): Promise<unknown> =>
    fleet.cluster('c0').handle({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/sts/deployments/a',
      headers: { authorization: 'Bearer human', 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({
        spec: {
          template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': stamp } } },
        },
      }),
      signal: new AbortController().signal,
    });

  const attempt = fleet.start(plan, instant);
  await fleet.clock.run(5 * minute);
  await stampByHand(null);
  const halted = await fleet.finish(attempt);
  expect([halted.exit.name, ...outcomesOf(halted)]).toEqual(['halted', 'reverted', 'halted']);

  await stampByHand('2026-11-23T02:30:00Z');
  await fleet.clock.run(5 * minute);
  const again = await fleet.run(plan, instant);
  expect([again.exit.name, ...outcomesOf(again)]).toEqual(['halted', 'alreadyRestarted', 'halted']);

  const name = plan.record.configMaps[0] ?? '';
  const shard = fleet.store.shards.get(name);
  if (!shard) throw new Error(`no ${name}`);
  const patched = { ...shard.data, ...documentedPatch() };
  const data = Object.fromEntries(
    Object.entries(patched).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  fleet.store.shards.set(name, { ...shard, data });
  const over = await fleet.run(plan, instant);
  expect([over.exit.name, ...outcomesOf(over)]).toEqual(['ok', 'alreadyRestarted', 'restarted']);
});
