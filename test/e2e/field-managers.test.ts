import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import type { Outcome } from '../../jobs/restart/core/outcome.ts';
import type { RealCluster } from './support/cluster/cluster.ts';
import { namespace, startGitopsFleet, target, type GitopsFleet } from './support/gitops/fleet.ts';
import {
  drops,
  gone,
  older,
  removeStamp,
  replaced,
  slow,
  type Drop,
} from './support/gitops/drops.ts';
import {
  manifest,
  outcomes,
  read,
  replicaSetStamps,
  revisionOf,
  rolledOut,
  runAnnotation,
  stampOf,
  withObject,
  writeAs,
} from './support/gitops/workloads.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-managers-'));
const kept = ['client-side', 'server-side'];
const late = ['late-removed', 'late-replaced', 'late-made-anew'];

let fleet: GitopsFleet;
let cluster: RealCluster;

beforeAll(async () => {
  const dropped = drops.map(({ name }) => name);
  fleet = await startGitopsFleet({ folder, restarts: { kept, dropped, late } });
  cluster = fleet.cluster(target);
});

afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

const kubectl = (...args: readonly string[]) => cluster.mustKubectl(['-n', namespace, ...args]);
const rolledOutAll = (names: readonly string[]) =>
  Promise.all(names.map((name) => rolledOut(cluster, name)));
/** Runs a pod of the run to its end. Gives each workload's outcome. */
const attempt = async (restart: string, run: number) =>
  outcomes((await (await fleet.begin(restart, run)).ended).report);

describe('after a restart, the stamp stays through', () => {
  let run: number;

  beforeAll(async () => {
    await withObject(cluster, ['apply'], manifest('client-side'));
    await withObject(cluster, ['apply', '--server-side'], manifest('server-side'));
    await rolledOutAll(kept);
    run = fleet.nextRun();
    expect(await attempt('kept', run)).toMatchObject({
      'client-side': { kind: 'restarted' },
      'server-side': { kind: 'restarted' },
    });
  });

  // Each on what the one before has left; with how many rollouts of its own.
  it.each<[string, string, number, () => Promise<unknown>]>([
    ['kubectl apply of the same manifest', 'client-side', 0, apply(manifest('client-side'))],
    [
      'kubectl apply of another image',
      'client-side',
      1,
      apply(manifest('client-side', { tag: 2 })),
    ],
    [
      'kubectl scale',
      'client-side',
      0,
      () => kubectl('scale', 'deployment/client-side', '--replicas=3'),
    ],
    [
      'kubectl annotate',
      'client-side',
      0,
      () => kubectl('annotate', 'deployment/client-side', 'example.com/note=x'),
    ],
    [
      'kubectl set image',
      'client-side',
      1,
      () => kubectl('set', 'image', 'deployment/client-side', 'main=example.invalid/x:3'),
    ],
    [
      'the step from client-side to server-side apply',
      'client-side',
      1,
      apply(manifest('client-side', { tag: 4 }), '--server-side', '--force-conflicts'),
    ],
    [
      'kubectl apply --server-side of the same manifest',
      'server-side',
      0,
      apply(manifest('server-side'), '--server-side'),
    ],
    [
      'kubectl apply --server-side --force-conflicts',
      'server-side',
      0,
      apply(manifest('server-side'), '--server-side', '--force-conflicts'),
    ],
    [
      'kubectl apply --server-side of another image',
      'server-side',
      1,
      apply(manifest('server-side', { tag: 2 }), '--server-side'),
    ],
  ])('%s (%s)', async (_, name, rollouts, act) => {
    const before = await revisionOf(cluster, name);
    await act();
    expect(await revisionOf(cluster, name)).toBe(before + rollouts);
    const object = await read(cluster, name);
    expect(stampOf(object)).toBe(formatInstant(run));
    expect(object.metadata.annotations).toMatchObject({
      [runAnnotation]: `${formatInstant(run)}/kept`,
    });
  });

  it('a server-side apply of another stamp, which conflicts with rollcall', async () => {
    const object = JSON.stringify(manifest('server-side', { stamp: older }));
    const end = await cluster.kubectl(['apply', '--server-side', '-f', '-'], { input: object });
    expect(end.stderr).toContain('conflict with "rollcall"');
    expect(end.code).not.toBe(0);
    expect(stampOf(await read(cluster, 'server-side'))).toBe(formatInstant(run));
  });

  it('and the job finds nothing left to do', async () => {
    await rolledOutAll(kept);
    const before = await Promise.all(kept.map((name) => revisionOf(cluster, name)));
    const found = { kind: 'alreadyRestarted', run: `${formatInstant(run)}/kept` };
    expect(await attempt('kept', run)).toMatchObject({
      'client-side': found,
      'server-side': found,
    });
    expect(await Promise.all(kept.map((name) => revisionOf(cluster, name)))).toEqual(before);
  });
});

describe('a stamp that is dropped while the job runs is reverted, and the job names', () => {
  let run: number;
  let seen: Readonly<Record<string, Outcome>>;
  let again: Readonly<Record<string, Outcome>>;

  beforeAll(async () => {
    for (const { name, madeBy = 'kubectl-create' } of drops)
      await writeAs(cluster, madeBy, 'POST', name, manifest(name, slow));
    await rolledOutAll(drops.map(({ name }) => name));
    run = fleet.nextRun();
    const job = await fleet.begin('dropped', run);
    await job.told(/: patched$/, drops.length);
    for (const { name, drop } of drops) await drop(cluster, name);
    seen = outcomes((await job.ended).report);
    again = await attempt('dropped', run);
  });

  const expected = ({ message, by }: Drop, guessed: boolean) => ({
    kind: 'reverted',
    message: message.replace('RUN', `${formatInstant(run)}/dropped`),
    by,
    ...(guessed && { guessed }),
  });

  it.each(drops)('$by: $name', (one) => {
    expect(seen[one.name]).toEqual(expected(one, one.guessed[0]));
  });

  it.each(drops)('$by, also to the next pod, which patches nothing: $name', async (one) => {
    expect(again[one.name]).toEqual(expected(one, one.guessed[1]));
    const stamps = await replicaSetStamps(cluster, one.name);
    expect(stamps.filter((stamp) => stamp === formatInstant(run))).toHaveLength(1);
    expect(stamps.at(-1)).not.toBe(formatInstant(run));
  });

  it('whoever it was, and the next run restarts them', async () => {
    const next = fleet.nextRun();
    const restarted = { kind: 'restarted', stamp: formatInstant(next) };
    expect(await attempt('dropped', next)).toMatchObject(
      Object.fromEntries(drops.map(({ name }) => [name, restarted])),
    );
  });
});

it('a stamp that is dropped after the job has ended is reverted to the next pod, and restarted by the next run', async () => {
  for (const name of late) await withObject(cluster, ['create'], manifest(name, slow));
  await rolledOutAll(late);
  const run = fleet.nextRun();
  const of = (value: (name: string) => unknown) =>
    Object.fromEntries(late.map((name) => [name, value(name)]));
  expect(await attempt('late', run)).toMatchObject(of(() => ({ kind: 'restarted' })));
  await removeStamp(cluster, 'late-removed');
  await withObject(cluster, ['replace'], manifest('late-replaced', slow));
  await kubectl('delete', 'deployment', 'late-made-anew', '--wait=true');
  await withObject(cluster, ['create'], manifest('late-made-anew', slow));
  await rolledOutAll(late);
  const messages: Readonly<Record<string, string>> = {
    'late-removed': gone.replace('RUN', `${formatInstant(run)}/late`),
    'late-replaced': replaced,
    'late-made-anew': 'the object was deleted and made anew after it was stamped',
  };
  const before = await Promise.all(late.map((name) => revisionOf(cluster, name)));
  expect(await attempt('late', run)).toEqual(
    of((name) => ({
      kind: 'reverted',
      by: 'kubectl-create',
      guessed: true,
      message: messages[name],
    })),
  );
  expect(await Promise.all(late.map((name) => revisionOf(cluster, name)))).toEqual(before);
  expect(await attempt('late', fleet.nextRun())).toMatchObject(of(() => ({ kind: 'restarted' })));
});

function apply(object: unknown, ...flags: readonly string[]) {
  return () => withObject(cluster, ['apply', ...flags], object);
}
