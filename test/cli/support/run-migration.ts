import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the script of a migration finds. */
export interface MigratedWorld {
  /** The cluster's authentication mode. Default: `CONFIG_MAP`. */
  readonly mode?: string;
  readonly account?: string;
  /** A part of the ARNs of entries that are there. Default: none is. */
  readonly has?: string;
}

export interface MigrationEnd {
  readonly status: number;
  /** Each call of `aws`: its arguments, to the byte. */
  readonly calls: readonly (readonly string[])[];
}

/** Runs it by the real bash, with an `aws` that writes down what it is asked. */
export function runMigration(
  folder: string,
  script: string,
  { mode = 'CONFIG_MAP', account = '', has = 'nothing-yet' }: MigratedWorld,
): MigrationEnd {
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  const aws = `#!/usr/bin/env bash
printf '%s\\0' "$@" >> ${log}; printf '\\0' >> ${log}
case "$2" in
  get-caller-identity) echo ${account} ;;
  describe-cluster) echo ${mode} ;;
  describe-access-entry)
    [[ "$*" == *${has}* || -e ${log}.there ]] || {
      echo 'An error occurred (ResourceNotFoundException) when calling it: none' >&2
      exit 254
    } ;;
  list-access-entries) touch ${log}.there ;;
esac
`;
  writeFileSync(join(folder, 'aws'), aws, { mode: 0o755 });
  rmSync(`${log}.there`, { force: true });
  const file = join(folder, 'script');
  writeFileSync(file, script);
  let status = 0;
  try {
    const PATH = [folder, process.env.PATH].join(delimiter);
    execFileSync('bash', [file], { cwd: folder, env: { PATH }, stdio: 'pipe' });
  } catch (error) {
    status = (error as { readonly status: number }).status;
  }
  const calls = readFileSync(log, 'utf8').split('\0\0').slice(0, -1);
  return { status, calls: calls.map((call) => call.split('\0')) };
}
