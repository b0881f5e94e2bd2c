import { haltReasons, type Effect, type RunEvent } from '../../jobs/restart/core/events.ts';
import { outcomeKinds, skipReasons } from '../../jobs/restart/core/outcome.ts';
import type { Stop } from '../../jobs/restart/core/state.ts';
import { exitCodes } from '../../jobs/restart/exit-code.ts';
import { faultKinds, type FaultKind } from './faults.ts';

const eventTypes: Readonly<Record<RunEvent['type'], true>> = {
  started: true,
  connected: true,
  clusterLost: true,
  reviewed: true,
  snapshot: true,
  changed: true,
  deleted: true,
  observationLost: true,
  writtenAhead: true,
  recordLost: true,
  patched: true,
  notPatched: true,
  patchUnsure: true,
  patchRefused: true,
  evicted: true,
  diagnosed: true,
  timer: true,
  lookedAgain: true,
  control: true,
  gateAnswered: true,
  blockersAnswered: true,
  superseded: true,
  leaseLost: true,
  terminating: true,
  graceOver: true,
};

const effectTypes: Readonly<Record<Effect['type'], true>> = {
  connect: true,
  review: true,
  observe: true,
  writeAhead: true,
  patch: true,
  remember: true,
  note: true,
  arm: true,
  disarm: true,
  look: true,
  close: true,
  askGate: true,
  askBlockers: true,
  evict: true,
  diagnose: true,
  announce: true,
  progress: true,
  finish: true,
};

const stopReasons: Readonly<Record<Stop['reason'], true>> = {
  superseded: true,
  interrupted: true,
  window: true,
  lock: true,
  runTimeout: true,
  blocked: true,
  preflight: true,
  wave: true,
  halted: true,
  stopped: true,
  record: true,
};

/** All that must happen somewhere, sometimes: `area name`. */
export const sometimes: readonly string[] = [
  ...Object.keys(eventTypes).map((one) => `event ${one}`),
  ...Object.keys(effectTypes).map((one) => `effect ${one}`),
  ...outcomeKinds.map((one) => `outcome ${one}`),
  ...skipReasons.map((one) => `skipped ${one}`),
  ...Object.keys(stopReasons).map((one) => `stop ${one}`),
  ...haltReasons.map((one) => `halt ${one}`),
  ...Object.keys(exitCodes).map((one) => `exit ${one}`),
  ...faultKinds.map((one) => `fault ${one}`),
  'request in flight when the Lease was lost',
];

/** How often each thing has happened. */
export class Catalogue {
  readonly counts = new Map<string, number>();

  note(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  fault(kind: FaultKind): void {
    this.note(`fault ${kind}`);
  }

  add(counts: ReadonlyMap<string, number>): void {
    for (const [what, times] of counts) this.note(what, times);
  }

  get missing(): readonly string[] {
    return sometimes.filter((one) => !this.counts.has(one));
  }
}
