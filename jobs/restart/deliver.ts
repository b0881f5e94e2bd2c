import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { safeText } from './redact.ts';
import type { Report } from './report.ts';
import { terminationSummary } from './report-text.ts';
import type { Stopped } from './restart.ts';

export interface Destinations {
  /** Gets the whole report too. */
  readonly report?: string;
  /** The kubelet's file for a termination message. */
  readonly terminationLog: string;
}

/**
 * The report: one marked line on stdout, the whole in a file, and the gist for
 * `kubectl describe pod`. What can't be written changes nothing of what the run has come to.
 */
export function deliverReport(report: Report, destinations: Destinations): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
  writeTerminationLog(destinations.terminationLog, terminationSummary(report));
  if (destinations.report !== undefined) writeReport(destinations.report, report);
}

/** Why there is no report: one line on stderr, and for `kubectl describe pod`. */
export function deliverStop({ exit, message }: Stopped, { terminationLog }: Destinations): void {
  const line = `${exit}: ${message}`;
  log(line);
  writeTerminationLog(terminationLog, safeText(line));
}

function writeReport(file: string, report: Report): void {
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    log(`the report can't be written: ${(error as Error).message}`);
  }
}

/** Only where the kubelet has made the file: on a laptop there is none, and nobody to read it. */
function writeTerminationLog(file: string, text: string): void {
  try {
    truncateSync(file);
    writeFileSync(file, text, { flag: 'r+' });
  } catch {
    return;
  }
}

/** A line for whoever follows the run. */
export function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${safeText(line)}\n`);
}
