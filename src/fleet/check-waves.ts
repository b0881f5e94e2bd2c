import { checkSelector, type ClusterIndex, type Selected } from './check-selector.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportRepeats } from './references.ts';
import { lastWave } from './resolve-strategy.ts';
import type { RestartDraft } from './shape.ts';
import { listed } from './suggest.ts';
import { shareOut } from './waves.ts';

type StrategyDraft = NonNullable<RestartDraft['strategy']>;

/** Waves: each of its own name and not empty, and every cluster of the restart in one. */
export function checkWaves(
  strategy: StrategyDraft,
  path: FleetPath,
  restarted: Selected,
  clusters: ClusterIndex,
  problems: Problems,
): void {
  if (!strategy.waves) return;
  const waves = strategy.waves.map((wave, index) => ({
    ...wave,
    path: [...path, 'waves', index] as FleetPath,
  }));
  reportRepeats(problems, waves, {
    code: 'fleet/duplicate-name',
    key: ({ name }) => name,
    path: (wave) => [...wave.path, 'name'],
    found: ({ name = '' }) => `a second wave "${name}"`,
    expected: 'every wave’s name once',
    next: 'Rename one.',
  });
  const own = indexOf(restarted, clusters);
  let whole = restarted.whole && !strategy.waves.includes(undefined);
  for (const wave of waves) {
    if (!('clusters' in wave)) continue;
    const selected = checkSelector(problems, wave.clusters, [...wave.path, 'clusters'], own);
    whole &&= selected.whole;
  }
  if (!whole) return;
  const { taken, left } = shareOut(
    waves.map((wave) => wave.clusters),
    own.all,
  );
  for (const [index, wave] of waves.entries()) {
    if (taken[index]?.length === 0) problems.add(emptyWave(wave.path, wave.name));
  }
  if (left.length === 0) return;
  const names = left.map(({ name = '' }) => name);
  const rest = waves.find(({ name }) => name === lastWave);
  if (strategy.unmatched !== 'last') {
    if (!('unmatched' in strategy) || strategy.unmatched === 'error') {
      problems.add(unmatched([...path, 'waves'], names));
    }
  } else if (rest) problems.add(nameOfRest(rest.path));
}

/** Only the clusters that the restart selects. */
function indexOf(restarted: Selected, clusters: ClusterIndex): ClusterIndex {
  const names = new Set(restarted.names);
  const all = [...clusters.byName.values()].filter(({ name = '' }) => names.has(name));
  return {
    byName: new Map(all.map((cluster) => [cluster.name ?? '', cluster])),
    all,
    named: restarted.whole,
    whole: restarted.whole && clusters.whole,
  };
}

const emptyWave = (path: FleetPath, name = '') =>
  ({
    code: 'fleet/empty-wave',
    path: [...path, 'clusters'],
    found: `a wave "${name}" that takes no cluster: earlier ones have taken all that it selects`,
    expected: 'at least one cluster in every wave',
    next: 'Narrow an earlier wave, or remove this one.',
  }) as const;

const unmatched = (path: FleetPath, names: readonly string[]) =>
  ({
    code: 'fleet/unmatched-cluster',
    path,
    atKey: true,
    found: `${listed(names)}: in no wave`,
    expected: 'every cluster of the restart in a wave',
    next: `Add a last wave without clusters, which takes all that are left, or \`unmatched: last\`, which does so by the name ${lastWave}.`,
  }) as const;

const nameOfRest = (path: FleetPath) =>
  ({
    code: 'fleet/duplicate-name',
    path: [...path, 'name'],
    found: `a wave "${lastWave}" beside the one that \`unmatched: last\` makes by that name`,
    expected: 'every wave’s name once',
    next: 'Rename it.',
  }) as const;
