import type { Pod } from '../../../src/demo/pod.ts';
import { withEnvironment } from './job.ts';

const timeLapse = new URL('./time-lapse.mjs', import.meta.url).href;

/**
 * The pod's clock and timers run so many times as fast: with 15, half a minute passes in two seconds.
 * Its monotonic clock does not: by that a Lease is kept, and a slow machine must not lose one.
 */
export const inTimeLapse = (pod: Pod, factor: number): Pod =>
  withEnvironment(pod, { TIME_LAPSE: String(factor), NODE_OPTIONS: `--import=${timeLapse}` });
