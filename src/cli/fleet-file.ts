import type { OutputFormat as Form } from '../../charts/output-format.ts';
import type { OutputRecord } from '../../charts/output-record.ts';
import { prepare, type PrepareOptions, type Prepared } from '../../charts/pipeline.ts';
import { readFleetFile } from '../../charts/read-fleet.ts';
import { formatDiagnostics } from '../fleet/format.ts';
import { printable } from '../fleet/terminal-text.ts';
import { printData, wantsColor, type CliIo, type OutputFormat } from './io.ts';

export type Ready = Extract<Prepared, { kind: 'ready' }>;

/**
 * The prepared fleet, or `undefined` once all that is wrong with it has been shown: for machines as
 * data on stdout; for people on stderr.
 *
 * @throws UserError when the file can't be read
 */
export function prepareFile(
  io: CliIo,
  file: string,
  format: OutputFormat,
  options: PrepareOptions = {},
): Ready | undefined {
  const prepared = prepare(readFleetFile(file), file, options);
  if (prepared.kind === 'ready') return prepared;
  const { diagnostics } = prepared;
  if (format !== 'table') printData(io, format, { errors: diagnostics }, () => '');
  else io.stderr(formatDiagnostics(diagnostics, { color: wantsColor(io, io.stderrIsTerminal) }));
  return undefined;
}

/** What is allowed, and is worth a second look: for people, on stderr. Machines find it in the data. */
export function showFindings(io: CliIo, { findings }: Ready, format: OutputFormat): void {
  if (findings.length === 0 || format !== 'table') return;
  const color = wantsColor(io, io.stderrIsTerminal);
  io.stderr(`\n${formatDiagnostics(findings, { color, kind: 'finding' })}`);
}

/** What the folder is to be written with: what was asked for, else as before, else manifests. */
export const formFor = (asked: Form | undefined, before: OutputRecord | undefined): Form =>
  asked ?? before?.format ?? 'manifests';

/** What a comparison with another fleet's output is worth; writing over it is refused. */
export function noteOtherFleet(
  io: CliIo,
  folder: string,
  { graph }: Ready,
  before: OutputRecord | undefined,
): void {
  if (!before || before.fleet === graph.fleet) return;
  io.stderr(
    `${printable(folder)} has the output of fleet ${printable(before.fleet)}, and not of ${graph.fleet}: all of it counts as removed.\n\n`,
  );
}
