import { sometimes } from './catalogue.ts';
import type { Soaked } from './soak.ts';

/** So many to a line. */
const columns = 3;

/** What a soak has to say, as text. */
export function summaryOf({
  seeds,
  steps,
  seconds,
  size,
  repeated,
  catalogue,
  failures,
}: Soaked): string {
  const cells = sometimes.map(
    (one) => `${String(catalogue.counts.get(one) ?? 0).padStart(8)} ${one}`,
  );
  const width = Math.max(...cells.map(({ length }) => length)) + 2;
  const lines = [];
  for (let index = 0; index < cells.length; index += columns) {
    lines.push(
      cells
        .slice(index, index + columns)
        .map((cell) => cell.padEnd(width))
        .join('')
        .trimEnd(),
    );
  }
  return [
    ...lines,
    `${seeds} seeds in ${seconds.toFixed(1)} s, ${Math.round(steps / seconds)} steps a second, ${repeated} of them twice; ${failures.length} failed`,
    `worlds of up to ${size.clusters} clusters, ${size.workloads} workloads, ${size.processes} processes`,
  ].join('\n');
}
