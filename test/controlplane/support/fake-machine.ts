import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { components } from '../components.ts';

/** Tells what it was asked and by which settings; builds at once. */
const go = (folder: string, version: string, whenBuilding: string): string => `
echo "$* GOFLAGS=$GOFLAGS GOWORK=$GOWORK CGO_ENABLED=$CGO_ENABLED" >>"${folder}/asked"
case "$1 $2" in
  'version '*) echo "go version ${version} linux/amd64" ;;
  'env GOVERSION') echo "${version}" ;;
  'build '*)
    while [ "$1" != -o ]; do shift; done
    echo built >"$2"
    ${whenBuilding}
    ;;
  *) echo '{"Dir": "${folder}/source"}' ;;
esac
`;

export interface End {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine with a Go that only pretends, and a cache of its own. */
export class FakeMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-controlplane-'));
  readonly cache = join(this.folder, 'cache', 'rollcall', 'controlplane');

  constructor() {
    const folders = components.flatMap(({ data = [] }) => data.map((one) => one.folder));
    for (const one of folders) mkdirSync(join(this.folder, 'source', one), { recursive: true });
    this.#install('chmod', '');
    this.installGo();
  }

  /** @param whenBuilding what it does after it has written the program `$2` */
  installGo(version = 'go1.100.0', whenBuilding = ''): void {
    this.#install('go', go(this.folder, version, whenBuilding));
  }

  /** A Go that fails at what it is asked to do, with that on its stdout. */
  answerGo(stdout: string): void {
    this.#install('go', `[ "$1" = version ] && exit 0; printf '%s' '${stdout}'; exit 1`);
  }

  breakGo(): void {
    this.#install('go', 'exit 1');
  }

  /** Nor is the one of the real machine on the PATH. */
  removeGo(): void {
    rmSync(join(this.folder, 'bin', 'go'));
  }

  /** Programs that the user has, each with its script. @returns their folder */
  assets(programs: Readonly<Record<string, string>>): string {
    for (const [name, script] of Object.entries(programs)) this.#install(name, script, 'assets');
    return join(this.folder, 'assets');
  }

  /** Runs a program of the repository, such as `controlplane/main.ts`. */
  run(main: string, environment: Readonly<Record<string, string>> = {}): End {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(tests, main)], {
      encoding: 'utf8',
      env: {
        PATH: join(this.folder, 'bin'),
        XDG_CACHE_HOME: join(this.folder, 'cache'),
        ...environment,
      },
    });
    return { code: status, stdout, stderr };
  }

  /** What Go was asked so far. */
  asked(): readonly string[] {
    return readFileSync(join(this.folder, 'asked'), 'utf8').trim().split('\n');
  }

  /** Names of the folders in the cache. */
  cached(): readonly string[] {
    return readdirSync(this.cache);
  }

  /** What the program in the cache holds: `built` is Go's. */
  program(name: string): string {
    const folder = this.cached().find((one) => /^(.*)-[0-9a-f]{12}$/.exec(one)?.[1] === name) ?? '';
    return readFileSync(join(this.cache, folder, name), 'utf8').trim();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #install(name: string, script: string, where = 'bin'): void {
    mkdirSync(join(this.folder, where), { recursive: true });
    writeFileSync(join(this.folder, where, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
}

const tests = fileURLToPath(new URL('../..', import.meta.url));
