import { readFileSync } from 'node:fs';
import { prepare, type Prepared } from '../../charts/pipeline.ts';
import type { Diagnostic } from '../fleet/diagnostic.ts';
import { formatCount, formatDiagnostic } from '../fleet/format.ts';
import { CliError } from './cli-error.ts';
import { wantsColor, type CliIo, type OutputFormat } from './io.ts';

export type Ready = Extract<Prepared, { kind: 'ready' }>;

/** The prepared fleet, or `undefined` once all that is wrong with it has been shown. */
export function prepareFile(io: CliIo, file: string, format: OutputFormat): Ready | undefined {
  const prepared = prepare(readFleetFile(file), file);
  if (prepared.kind === 'ready') return prepared;
  showDiagnostics(io, prepared.diagnostics, format);
  return undefined;
}

function readFleetFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError({
      code: 'cli/no-fleet-file',
      found: (error as Error).message,
      expected: 'a fleet file that can be read',
      next: 'Name the file, or begin with a copy of examples/seed-000.yaml.',
    });
  }
}

/** For machines as data on stdout; for people on stderr. */
function showDiagnostics(
  io: CliIo,
  diagnostics: readonly Diagnostic[],
  format: OutputFormat,
): void {
  if (format === 'json') {
    io.stdout(`${JSON.stringify({ errors: diagnostics }, null, 2)}\n`);
    return;
  }
  const color = wantsColor(io, io.stderrIsTerminal);
  const shown = diagnostics.map((one) => formatDiagnostic(one, { color }));
  io.stderr(`${[...shown, formatCount(diagnostics)].join('\n\n')}\n`);
}
