import { setTimeout as sleep } from 'node:timers/promises';
import { othersShare, processorTime } from './processor-time.ts';

/** Others that have less of the machine do not matter. */
export const quietShare = 0.1;

const lookMs = 2000;
const mostLooks = 15;

/** Some seconds of rest for the controllers; more, but not for long, while others are at work. */
export async function rest(): Promise<void> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const before = processorTime();
    const began = performance.now();
    await sleep(lookMs);
    const wallMs = performance.now() - began;
    if (othersShare(before, processorTime(), { wallMs, ended: 0 }) < quietShare) return;
  }
}
