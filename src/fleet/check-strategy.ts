import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { durationSeconds } from '../form/duration.ts';
import { minutesSinceMidnight } from '../form/forms.ts';
import type { RestartDraft } from './shape.ts';

type StrategyDraft = NonNullable<RestartDraft['strategy']>;

/** What the parts of a strategy mean together, its waves aside. */
export function checkStrategy(strategy: StrategyDraft, path: FleetPath, problems: Problems): void {
  checkFailures(strategy, path, problems);
  checkWindows(strategy, path, problems);
  checkRunTimeout(strategy, path, problems);
}

function checkFailures(strategy: StrategyDraft, path: FleetPath, problems: Problems): void {
  if (strategy.onFailure !== 'continue' || !('maxFailures' in strategy)) return;
  problems.add({
    code: 'fleet/failures-conflict',
    path: [...path, 'onFailure'],
    found: 'onFailure: continue, and maxFailures',
    expected: 'one of the two: maxFailures says when a run halts, continue that it never does',
    next: 'Remove one of them.',
  });
}

function checkWindows({ windows = [] }: StrategyDraft, path: FleetPath, problems: Problems): void {
  for (const [index, window] of windows.entries()) {
    const { from = '00:00', to = '24:00' } = window ?? {};
    const sameTime = minutesSinceMidnight(from) === minutesSinceMidnight(to);
    // From midnight to 24:00 is a whole day.
    if (!sameTime || to === '24:00' || minutesSinceMidnight(to) === undefined) continue;
    problems.add({
      code: 'fleet/empty-window',
      path: [...path, 'windows', index, window && 'to' in window ? 'to' : 'from'],
      found: `a window from ${from} to ${to}`,
      expected: 'two times: the window is open from the one up to the other',
      next: 'Write another time; for a whole day leave both out.',
    });
  }
}

/** In the order of what is looked at: the first that does not fit is said. */
function checkRunTimeout(strategy: StrategyDraft, path: FleetPath, problems: Problems): void {
  const { runTimeout = '', waves, soak = '' } = strategy;
  const limit = durationSeconds(runTimeout);
  if (limit === undefined) return;
  const soaks = waves
    ? waves.map((wave, index) => {
        const own = wave && 'soak' in wave;
        const at = own ? [...path, 'waves', index, 'soak'] : [...path, 'soak'];
        return { text: own ? (wave.soak ?? '') : soak, path: at };
      })
    : [{ text: soak, path: [...path, 'soak'] }];
  const long = soaks.find(({ text }) => (durationSeconds(text) ?? 0) >= limit);
  if (!long) return;
  problems.add({
    code: 'fleet/run-too-short',
    path: long.path,
    found: `a soak of ${long.text}, and a runTimeout of ${runTimeout}`,
    expected: 'a runTimeout that is longer than each soak',
    next: 'Raise runTimeout, or shorten the soak.',
  });
}
