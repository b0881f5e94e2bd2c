import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../../../charts/make-folder.ts';
import { cacheRoot } from '../../../controlplane/cache.ts';

/** A Python with cfn-lint, botocore and jsonschema of pinned versions, or why there is none here. */
export type PythonTools =
  | { readonly kind: 'ready'; readonly python: string }
  | { readonly kind: 'missing'; readonly why: string };

const requirements = join(import.meta.dirname, 'requirements.txt');

/**
 * Installed once, beside the control plane's programs: pip takes what has the pinned hashes alone.
 * Throws where the registry has other files under these names.
 */
export function pythonTools(): PythonTools {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(dirname(cacheRoot()), `cfn-lint-${hash}`);
  const python = join(folder, 'bin', 'python');
  if (works(python)) return { kind: 'ready', python };
  const beside = `${folder}.${process.pid}`;
  try {
    makeFolder(dirname(folder));
    execFileSync('python3', ['-m', 'venv', '--clear', beside], { stdio: 'pipe' });
    const options = ['--require-hashes', '--only-binary', ':all:', '--disable-pip-version-check'];
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', ...options, '-r', requirements];
    execFileSync(join(beside, 'bin', 'python'), pip, { stdio: 'pipe', timeout: 240_000 });
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    const said = saidBy(error);
    if (/do not match the hashes/i.test(said)) throw error;
    return { kind: 'missing', why: `cfn-lint can't be installed: ${lastLine(said)}` };
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return { kind: 'ready', python };
}

/** Whether it is whole: an upgrade of the machine's Python breaks what was made with it. */
const works = (python: string): boolean =>
  existsSync(python) &&
  spawnSync(python, ['-c', 'import cfnlint, botocore, jsonschema'], { stdio: 'ignore' }).status ===
    0;

const saidBy = (error: unknown): string => {
  const { stderr, message } = error as {
    readonly stderr?: Buffer | null;
    readonly message: string;
  };
  return stderr?.toString().trim() || message;
};

const lastLine = (text: string): string => text.split('\n').at(-1) ?? '';

/** Its stdout, whatever its exit code. Throws with its stderr where it could not begin. */
export function runPython(python: string, args: readonly string[], input = ''): string {
  const { stdout, stderr, error } = spawnSync(python, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (/^Traceback/m.test(stderr)) throw new Error(stderr);
  return stdout;
}

/** What AWS's own description of its API finds wrong with calls of the CLI; empty: nothing. */
export function callFindings(python: string, calls: readonly (readonly string[])[]): unknown {
  const script = `
import json, sys
from botocore import xform_name
from botocore.session import Session
from botocore.validate import ParamValidator
session, found = Session(), []
for service, operation, _, text, *_ in json.load(sys.stdin):
    model = session.get_service_model(service)
    names = {xform_name(name, '-'): name for name in model.operation_names}
    if operation not in names:
        found.append(f'{service} {operation}: no such operation')
        continue
    shape = model.operation_model(names[operation]).input_shape
    params = json.loads(text)
    report = ParamValidator().validate(params, shape).generate_report()
    unknown = set(params) - set(shape.members)
    if report or unknown:
        found.append(f'{service} {operation}: {report} {sorted(unknown)}')
print(json.dumps(found))`;
  return JSON.parse(runPython(python, ['-c', script], JSON.stringify(calls)));
}

/** What a JSON schema finds wrong with each document; empty: nothing. */
export function schemaFindings(
  python: string,
  schema: unknown,
  documents: readonly unknown[],
): unknown {
  const script = `
import json, sys
from jsonschema.validators import validator_for
schema, documents = json.load(sys.stdin)
validator = validator_for(schema)(schema)
print(json.dumps([f'{list(error.path)}: {error.message}' for one in documents for error in validator.iter_errors(one)]))`;
  return JSON.parse(runPython(python, ['-c', script], JSON.stringify([schema, documents])));
}
