/** All that the job can do, in one module: `entry.ts` loads it only when it is needed. */
export { main } from './main.ts';
export { selfCheck } from './self-check.ts';
