import { writeOutput } from '../../../charts/write.ts';
import { countedDisk } from './counted-disk.ts';
import type { Output } from '../../../charts/output.ts';

/** `node killed-writer.ts FOLDER OUTPUT N`: writes, and is killed at the n-th step. */
const [folder = '', output = '', n = ''] = process.argv.slice(2);
const { disk, steps } = countedDisk(Number(n), () => {
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at some moment soon; nothing may happen until then.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
writeOutput(JSON.parse(output) as Output, folder, { disk, overwriteEdited: true });
process.stdout.write(String(steps()));
