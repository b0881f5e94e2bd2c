import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Since whenever: differences are meant. Milliseconds of one processor. */
export interface ProcessorTime {
  /** Of all processes. */
  readonly machine: number;
  /** Of this process and those that descend from it and still run. */
  readonly own: number;
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock (proc(5), USER_HZ). */
const msPerTick = 10;

export function processorTime(): ProcessorTime {
  const machine = cpus().reduce(
    (sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq,
    0,
  );
  const processes = readProcesses();
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const timeOf = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, one) => sum + one.ms + timeOf(one.pid), 0);
  const self = processes.find(({ pid }) => pid === process.pid);
  return { machine, own: (self?.ms ?? 0) + timeOf(process.pid) };
}

/**
 * The share of the machine that processes which aren't ours had meanwhile, from 0 to 1: what makes a
 * run longer than it is.
 *
 * @param ended processor time of processes of ours that have ended meanwhile, in milliseconds
 */
export function othersShare(
  before: ProcessorTime,
  after: ProcessorTime,
  { wallMs, ended }: { readonly wallMs: number; readonly ended: number },
): number {
  const own = after.own - before.own + ended;
  const others = after.machine - before.machine - own;
  return Math.min(Math.max(others / (wallMs * cpus().length), 0), 1);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
}

function readProcesses(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The program's name stands in brackets, and may hold spaces and brackets itself.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
      const ticks = (user ?? 0) + (system ?? 0);
      return [{ pid: Number(name), parent: parent ?? 0, ms: ticks * msPerTick }];
    } catch {
      // Gone between the listing and the look.
      return [];
    }
  });
}
