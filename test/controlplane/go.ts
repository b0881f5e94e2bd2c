import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { folderOf, type GoModule } from './components.ts';

/**
 * What `go` is told in place of the user's own settings: they would decide what is built. `GOFLAGS`
 * is not empty, as an empty one gives way to that of `go env -w` (cmd/go/internal/cfg, Getenv).
 * Where modules and toolchains come from stays the user's: GOPROXY, GOTOOLCHAIN, …
 */
export const goSettings = {
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly',
  GOWORK: 'off',
  GOOS: process.platform,
  GOARCH:
    ({ x64: 'amd64', ia32: '386' } as Partial<Record<string, string>>)[process.arch] ??
    process.arch,
};

const options = (module?: GoModule) => ({
  env: { ...process.env, ...goSettings },
  ...(module === undefined ? {} : { cwd: folderOf(module) }),
});

/** Whether a Go is there that runs. */
export function canBuild(): boolean {
  try {
    execFileSync('go', ['version'], { ...options(), stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Throws which Go is needed where that in use is older. */
export function requireGo(module: GoModule): void {
  const needed = /^go (\S+)$/m.exec(readFileSync(join(folderOf(module), 'go.mod'), 'utf8'))?.[1];
  const found = askGo(module, ['env', 'GOVERSION']).trim();
  const version = /go(\d[\d.]*)/.exec(found)?.[1];
  if (needed === undefined || version === undefined) return;
  if (version.localeCompare(needed, 'en', { numeric: true }) >= 0) return;
  throw new Error(
    `Go ${needed} or newer is needed (test/controlplane/${module}/go.mod); found: ${found}. ` +
      'Install it (https://go.dev/dl), or let Go fetch it: GOTOOLCHAIN=auto',
  );
}

/** Its stdout. */
export function askGo(module: GoModule, args: readonly string[]): string {
  return execFileSync('go', args, {
    ...options(module),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Runs it to its end. Throws with what it says when it fails. */
export function runGo(
  module: GoModule,
  args: readonly string[],
  { givesWay = false }: { readonly givesWay?: boolean } = {},
): Promise<void> {
  const child = spawn('go', args, { ...options(module), stdio: ['ignore', 'ignore', 'pipe'] });
  if (givesWay && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const problem = said.split('\n').filter((line) => !line.startsWith('go: downloading'));
      if (code === 0) resolve();
      else reject(new Error(`exit ${code ?? 'by signal'}:\n${problem.join('\n')}`));
    });
  });
}
