import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { IamModel } from '../../../src/iam/model.ts';
import type { OutputFile } from '../../../src/iam/output-file.ts';

/** Why a script can't be run here; undefined where it can. */
export function missingPrograms(): string | undefined {
  const missing = ['bash', 'jq', 'diff'].filter((program) => {
    const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
    return error !== undefined;
  });
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed`;
}

/** What `aws` answers; what none is for is not there. */
export interface Answer {
  /** Such as `iam get-role`. */
  readonly call: string;
  /** Default: any. */
  readonly input?: unknown;
  readonly answer?: unknown;
  /** In place of an answer: `(Code) …`. */
  readonly error?: string;
  /** Only the first calls of it are answered so. Default: all. */
  readonly times?: number;
}

export interface ScriptEnd {
  readonly code: number | null;
  readonly stderr: string;
  /** Each call of `aws`, its arguments to the byte. */
  readonly calls: readonly (readonly string[])[];
  /** Whatever the script has left where it ran. */
  readonly left: string;
}

/** Runs a script by the real bash, with an `aws` that writes down what it is asked. */
export function runScript(
  { path, text }: OutputFile,
  account: string,
  answers: readonly Answer[] = [],
): ScriptEnd {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-script-'));
  try {
    const bin = join(folder, 'bin');
    const cwd = join(folder, 'elsewhere');
    for (const one of [bin, cwd]) mkdirSync(one);
    copyFileSync(join(import.meta.dirname, 'fake-aws.sh'), join(bin, 'aws'));
    chmodSync(join(bin, 'aws'), 0o755);
    writeFileSync(join(folder, 'account'), `${account}\n`);
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    const script = join(folder, path);
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(script, text);
    const { status, stderr } = spawnSync('bash', [script], {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: `${bin}:${process.env.PATH ?? ''}`,
        FAKE_AWS: folder,
        TMPDIR: folder,
        ROLLCALL_RETRY_SECONDS: '0',
      },
    });
    const log = join(folder, 'calls');
    return {
      code: status,
      stderr,
      calls: existsSync(log) ? callsIn(readFileSync(log, 'utf8')) : [],
      left: execFileSync('ls', ['-A', cwd], { encoding: 'utf8' }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A count, then so many arguments, each ended by NUL. */
function callsIn(log: string): readonly (readonly string[])[] {
  const words = log.split('\0').slice(0, -1);
  const calls: (readonly string[])[] = [];
  for (let at = 0; at < words.length;) {
    const count = Number(words[at]);
    calls.push(words.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return calls;
}

/** An owner's statement, which no script may touch. */
export const ownersStatement = {
  Sid: 'Owners',
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
} as const;

/** What exists by the model: roles with a trust of their owner's, and providers. */
export function priorOf(model: IamModel, account: string): readonly Answer[] {
  const { roles = [], providers = [] } = model.accounts.find(({ id }) => id === account) ?? {};
  return [
    ...roles
      .filter(({ role }) => role.ownership === 'existing')
      .map(({ role }) => existingRole(role.name)),
    ...providers
      .filter(({ ownership }) => ownership === 'existing')
      .map(({ arn, clientIds }) => ({
        call: 'iam get-open-id-connect-provider',
        input: { OpenIDConnectProviderArn: arn },
        answer: { ClientIDList: clientIds },
      })),
  ];
}

/** A role that is there, whose trust policy has these statements. */
export const existingRole = (
  name: string,
  statements: unknown = ownersStatement,
  parts: object = {},
): Answer => ({
  call: 'iam get-role',
  input: { RoleName: name },
  answer: {
    Role: {
      RoleName: name,
      Path: '/',
      MaxSessionDuration: 43200,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: statements },
      ...parts,
    },
  },
});
