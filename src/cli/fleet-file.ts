import { prepare, type Prepared } from '../../charts/pipeline.ts';
import { readFleetFile } from '../../charts/read-fleet.ts';
import { formatDiagnostics } from '../fleet/format.ts';
import { printData, wantsColor, type CliIo, type OutputFormat } from './io.ts';

export type Ready = Extract<Prepared, { kind: 'ready' }>;

/**
 * The prepared fleet, or `undefined` once all that is wrong with it has been shown: for machines as
 * data on stdout; for people on stderr.
 *
 * @throws UserError when the file can't be read
 */
export function prepareFile(io: CliIo, file: string, format: OutputFormat): Ready | undefined {
  const prepared = prepare(readFleetFile(file), file);
  if (prepared.kind === 'ready') return prepared;
  const { diagnostics } = prepared;
  if (format !== 'table') printData(io, format, { errors: diagnostics }, () => '');
  else io.stderr(formatDiagnostics(diagnostics, { color: wantsColor(io, io.stderrIsTerminal) }));
  return undefined;
}
