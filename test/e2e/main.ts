import { spawn } from 'node:child_process';
import { buildControlPlane } from '../controlplane/build.ts';
import { isWhole } from '../controlplane/cache.ts';
import { canBuild } from '../controlplane/go.ts';

/**
 * `npm run test:e2e [-- jest's arguments]`: builds the real control plane where it isn't cached, then
 * runs the e2e tests. Without a Go that runs, and not all cached, it says so in one line and ends well:
 * `.ci/run` counts the line.
 */
async function main(): Promise<number> {
  if (!isWhole() && !canBuild()) {
    process.stderr.write(
      'e2e: skipped, as Go, which builds the real control plane, is missing or does not run\n',
    );
    return 0;
  }
  await buildControlPlane();
  const jest = ['run', '-s', 'jest', '--', '--config', 'jest.e2e.config.ts'];
  const child = spawn('npm', [...jest, ...process.argv.slice(2)], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
