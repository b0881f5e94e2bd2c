import { version } from './version.ts';

/** What the image starts: nothing of the job is loaded before it is known to be needed. */
const argv = process.argv.slice(2);
if (argv[0] === '--version') {
  process.stdout.write(`${version}\n`);
} else {
  const { main, selfCheck } = await import('./job.ts');
  if (argv[0] === '--self-check') process.stdout.write(selfCheck());
  else process.exitCode = await main(argv, process.env);
}
