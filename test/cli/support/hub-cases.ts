import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { hubCodes } from '../../../charts/user-error.ts';
import { parseInstant } from '../../../jobs/restart/core/instant.ts';
import { noProgress, type ShardContent } from '../../../jobs/restart/record/format.ts';
import { configMap, restart, type TestHub } from './hub.ts';
import type { Surroundings } from './run.ts';

const run = '2026-11-20T11:15:00Z';
const past = {
  run,
  by: 'pod-1',
  planDigest: 'd',
  startedAt: run,
  attempts: 1,
  wavesDone: 0,
  failures: 0,
};
const header = { instant: parseInstant(run) ?? 0, restart, planDigest: 'd', jobs: [] };
const underWay: Partial<ShardContent> = { header, history: [past] };
const over: Partial<ShardContent> = {
  header,
  history: [{ ...past, finishedAt: run, exit: 'incomplete' }],
};
const halted: Partial<ShardContent> = {
  ...underWay,
  progress: { ...noProgress, halted: { reason: 'gate', message: 'nobody came' } },
};

/** A command that is refused, and what is said of it. */
export interface HubCase {
  readonly code: (typeof hubCodes)[number];
  /** Of the record. Default: no run yet. */
  readonly content?: Partial<ShardContent>;
  readonly argv: (hub: TestHub) => readonly string[];
  readonly env?: (hub: TestHub) => Surroundings['env'];
  /** On the first line, after the code. */
  readonly place?: RegExp;
  readonly found: RegExp;
  readonly next?: RegExp;
  readonly expected?: RegExp;
}

export const file = (hub: TestHub): readonly string[] => ['-f', hub.fleetFile];
export const config = (hub: TestHub): readonly string[] => ['--kubeconfig', hub.kubeconfig];
export const known = (hub: TestHub): readonly string[] => [...file(hub), ...config(hub)];
export const as = (hub: TestHub, context: string): readonly string[] => [
  ...known(hub),
  '--context',
  context,
];

/** A file of that text in the hub's folder. */
export function written({ folder }: TestHub, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const hubCases: readonly HubCase[] = [
  ...['', 'a/../b', 'After', 'a'.repeat(53), 'a?b'].map((name) => ({
    code: 'hub/argument' as const,
    argv: (hub: TestHub) => ['runs', name, ...known(hub)],
    found: /the restart’s name/,
  })),
  ...['a/b', '..', '', 'a'.repeat(64)].map((namespace) => ({
    code: 'hub/argument' as const,
    argv: (hub: TestHub) => ['runs', restart, '-n', namespace, ...config(hub)],
    found: /the namespace/,
  })),
  ...['a,b', 'a/b', ''].map((wave) => ({
    code: 'hub/argument' as const,
    content: underWay,
    argv: (hub: TestHub) => ['approve', restart, wave, ...known(hub)],
    found: /the wave’s name/,
  })),
  {
    code: 'hub/argument',
    content: underWay,
    argv: (hub) => ['stop', restart, '--run', 'now', ...known(hub)],
    found: /the run "now"/,
  },
  {
    code: 'hub/unknown-restart',
    argv: (hub) => ['runs', 'after-key-creatoin', ...known(hub)],
    place: /fleet\.yaml$/,
    found: /no restart "after-key-creatoin"/,
    next: /Write after-key-creation\./,
  },
  {
    code: 'hub/kubeconfig',
    argv: (hub) => ['runs', restart, ...file(hub), '--kubeconfig', join(hub.folder, 'absent')],
    place: /absent$/,
    found: /ENOENT/,
    next: /--kubeconfig.*aws eks update-kubeconfig/,
  },
  {
    code: 'hub/kubeconfig',
    argv: (hub) => ['runs', restart, ...file(hub)],
    env: (hub) => ({ HOME: hub.folder }),
    place: /\.kube\/config$/,
    found: /ENOENT/,
  },
  {
    code: 'hub/kubeconfig',
    argv: (hub) => [
      'runs',
      restart,
      ...file(hub),
      '--kubeconfig',
      written(hub, 'tabs', '\t- a: ['),
    ],
    found: /./,
  },
  {
    code: 'hub/kubeconfig',
    argv: (hub) => ['runs', restart, ...file(hub), '--kubeconfig', written(hub, 'empty', '')],
    found: /./,
  },
  {
    code: 'hub/kubeconfig',
    argv: (hub) => [
      'runs',
      restart,
      ...file(hub),
      '--kubeconfig',
      written(hub, 'none', 'contexts: []'),
    ],
    found: /no current context/,
  },
  {
    code: 'hub/kubeconfig',
    argv: (hub) => ['runs', restart, ...as(hub, 'lima')],
    found: /no context "lima"/,
    expected: /ci, golf-prd, stranger, job/,
    next: /--context/,
  },
  {
    code: 'hub/kubeconfig',
    argv: (hub) => [
      'runs',
      restart,
      ...file(hub),
      '--kubeconfig',
      written(hub, 'dangling', 'contexts: [{name: x, context: {cluster: y, user: z}}]'),
      '--context',
      'x',
    ],
    found: /names a cluster that is not there/,
  },
  {
    code: 'hub/unauthorized',
    argv: (hub) => ['runs', restart, ...as(hub, 'stranger')],
    place: /context stranger, ConfigMap sts\//,
    found: /401/,
    next: /--context: stranger was used/,
  },
  {
    // The job's own rights don't reach as far as its plan.
    code: 'hub/forbidden',
    content: underWay,
    argv: (hub) => ['approve', restart, 'second', ...as(hub, 'job')],
    found: /403 .*cannot get resource "configmaps"/,
    expected: /the right to get configmaps after-key-creation-plan in namespace sts/,
  },
  {
    code: 'hub/no-record',
    argv: (hub) => ['runs', restart, ...as(hub, 'golf-prd')],
    place: new RegExp(`context golf-prd, ConfigMap sts/${configMap}$`),
    found: /404/,
    next: /context is the hub’s.*applied/,
  },
  {
    code: 'hub/no-record',
    argv: (hub) => ['pause', 'another', '-n', 'sts', ...config(hub)],
    found: /404 configmaps "another-record-0" not found/,
  },
  {
    code: 'hub/no-run',
    argv: (hub) => ['stop', restart, ...known(hub)],
    found: /no run has begun yet/,
    next: /rollcall pause/,
  },
  {
    code: 'hub/no-run',
    content: underWay,
    argv: (hub) => ['stop', restart, '--run', '2026-11-20T11:16:00Z', ...known(hub)],
    found: /run 2026-11-20T11:15:00Z/,
    expected: /run 2026-11-20T11:16:00Z/,
  },
  ...[['stop'], ['approve', 'second']].map(([command = '', ...wave]) => ({
    code: 'hub/run-over' as const,
    content: over,
    argv: (hub: TestHub) => [command, restart, ...wave, ...known(hub)],
    found: /run 2026-11-20T11:15:00Z has ended at 2026-11-20T11:15:00Z: incomplete/,
  })),
  {
    code: 'hub/run-over',
    content: halted,
    argv: (hub) => ['approve', restart, 'second', ...known(hub)],
    found: /has halted: nobody came/,
  },
  {
    code: 'hub/unknown-wave',
    content: underWay,
    argv: (hub) => ['approve', restart, 'secnod', ...known(hub)],
    found: /no wave "secnod"; there are canary, second, last/,
    expected: /second, last/,
    next: /Write second\./,
  },
  {
    code: 'hub/unknown-wave',
    content: underWay,
    argv: (hub) => ['approve', restart, 'canary', ...known(hub)],
    found: /wave "canary", which asks for no approval/,
  },
];
