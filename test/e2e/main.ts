import { spawn } from 'node:child_process';
import { buildControlPlane } from '../controlplane/build.ts';
import { isWhole } from '../controlplane/cache.ts';
import { isOfCluster } from '../controlplane/components.ts';
import { canBuild } from '../controlplane/go.ts';

/**
 * `npm run test:e2e [-- jest's arguments]`: builds the real control plane where it isn't cached, then
 * runs the e2e tests. Without a Go that runs, and not all cached, it says so in one line and ends well:
 * `.ci/run` counts the line.
 */
async function main(given: readonly string[]): Promise<number> {
  if (!isWhole() && !canBuild()) {
    process.stderr.write(
      'e2e: skipped, as Go, which builds the real control plane, is missing or does not run\n',
    );
    return 0;
  }
  if (given.length === 0 && !isWhole()) return besideTheBuild();
  await buildControlPlane();
  return jest(given);
}

/**
 * Tests that need a cluster and nothing else: they wait more than they work. Not endurance, whose API
 * servers suffer enough.
 */
const onClustersAlone =
  '/(contract-[a-z-]+|cronjob|existing-[a-z-]+|kubectl-on-simulated|permissions|permissions-options|users|versions)\\.test';

/** What takes an hour one after the other: the first tests run while the rest is built. */
async function besideTheBuild(): Promise<number> {
  await buildControlPlane({ wanted: isOfCluster });
  const rest = buildControlPlane({ givesWay: true }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const first = await jest([onClustersAlone]);
  const failed = await rest;
  if (failed) throw failed.error;
  const second = await jest(['--testPathIgnorePatterns', onClustersAlone]);
  return first || second;
}

/** Its exit code. */
function jest(args: readonly string[]): Promise<number> {
  const command = ['run', '-s', 'jest', '--', '--config', 'jest.e2e.config.ts', ...args];
  const child = spawn('npm', command, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
