import { existsSync } from 'node:fs';
import { prepare } from '../../../charts/pipeline.ts';
import { readFleetFile } from '../../../charts/read-fleet.ts';
import { formatProblem, UserError, type UserProblem } from '../../../charts/user-error.ts';
import type { Diagnostic } from '../../fleet/diagnostic.ts';
import { refreshable, type Difference } from '../../import/drift.ts';
import { formatDiagnostics } from '../../fleet/format.ts';
import { editFleet } from '../../import/splice.ts';
import { prepareFile } from '../fleet-file.ts';
import { wantsColor, type CliIo } from '../io.ts';
import type { Unread } from './ask-eks.ts';
import { createAws, type Aws } from './aws.ts';
import { compare, type Existing } from './compare.ts';
import { importExitCodes } from './exit-codes.ts';
import { readOptions, type ImportOptions } from './options.ts';
import { printImport, stateOf, type ImportReport } from './report.ts';
import { save } from './save.ts';

/**
 * `rollcall import`: reads what there is, and writes or refreshes the fleet file. It only adds, and
 * refreshes what somebody has agreed to; comments and order stay.
 *
 * @returns 0 in agreement or written; 1 with `check`: something differs; 2 error, nothing is written, or
 * with `check`: what would be written is refused by every other command;
 * 3 not all could be asked, the rest is done
 * @throws UserError
 */
export async function runImport(
  io: CliIo,
  options: ImportOptions,
  aws: Aws = createAws(),
): Promise<number> {
  const read = readOptions(options);
  const { fleet: file, check = false, dryRun = false } = options;
  const existing = readExisting(io, options);
  if (existing === 'invalid') return importExitCodes.error;
  const { differences, leftOut, unread } = await compare(io, aws, options, read, existing);
  const agreed = options.refresh === true ? refreshable : (options.refresh ?? []);
  const wanted = differences.filter((one) => stateOf(one, agreed) !== 'drift');
  const before = existing?.text;
  const text = edited(before ?? skeleton(options), wanted, file);
  const report: ImportReport = {
    fleet: file,
    written: false,
    differences: differences.map((one) => {
      const { of, what, file: inFile, found } = one;
      return { of, what, file: inFile, found, state: stateOf(one, agreed) };
    }),
    leftOut,
    unread,
  };
  const done = (told: ImportReport, code: number): number => {
    printImport(io, options, told, before === undefined);
    return unread.length > 0 ? importExitCodes.unread : code;
  };
  if (before === undefined && wanted.every(({ what }) => what !== 'cluster')) throw nothing(unread);
  const errors = text === before ? [] : problemsIn(text, file);
  if (check) {
    if (errors.length === 0)
      return done(report, differences.length > 0 ? importExitCodes.drift : 0);
    // The differences are what is wrong: they are shown with it.
    printImport(io, options, { ...report, errors }, false);
    if (options.format === 'table') io.stderr(explained(io, errors, file));
    return importExitCodes.error;
  }
  if (errors.length > 0) {
    io.stderr(diagnosed(io, errors));
    throw new UserError(unsound(file));
  }
  if (dryRun) return done({ ...report, text, ...(before !== undefined && { before }) }, 0);
  if (text !== before) save(file, text, before);
  return done({ ...report, written: text !== before }, 0);
}

/**
 * The fleet file that there is, taken through every stage; `undefined`: there is none yet.
 *
 * @throws UserError `import/argument` where a new file has no name
 */
function readExisting(io: CliIo, options: ImportOptions): Existing | 'invalid' | undefined {
  const { fleet: file, name, format } = options;
  if (existsSync(file)) {
    const ready = prepareFile(io, file, format);
    return ready ? { text: readFleetFile(file), ready } : 'invalid';
  }
  if (name !== undefined) return undefined;
  throw new UserError({
    code: 'import/argument',
    found: `no file ${file}, and no --name`,
    expected: 'a fleet file, or the name of a fleet that is new',
    next: 'Name the fleet file by -f, or a new fleet by --name.',
  });
}

const skeleton = ({
  name = '',
}: ImportOptions): string => `# The fleet, as \`rollcall import\` found it.
apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: ${name}
`;

/** @throws UserError `import/unwritable` */
function edited(text: string, wanted: readonly Difference[], file: string): string {
  const result = editFleet(
    text,
    wanted.flatMap(({ edits }) => edits),
  );
  if (result.kind === 'edited') return result.text;
  const { path, why } = result.problem;
  throw new UserError({
    code: 'import/unwritable',
    place: [file, ...path].join(' › '),
    found: why,
    expected: 'a place that can be added to, with all else as it is',
    next: 'Write this place in block style and without aliases, or make the change by hand: --check shows it.',
  });
}

/** Taken through every stage, as every command does. */
function problemsIn(text: string, file: string): readonly Diagnostic[] {
  const prepared = prepare(text, file);
  return prepared.kind === 'ready' ? [] : prepared.diagnostics;
}

const diagnosed = (io: CliIo, errors: readonly Diagnostic[]): string =>
  formatDiagnostics(errors, { color: wantsColor(io, io.stderrIsTerminal) });

const explained = (io: CliIo, errors: readonly Diagnostic[], file: string): string =>
  `\n${diagnosed(io, errors)}${formatProblem(unsound(file))}`;

const unsound = (file: string): UserProblem => ({
  code: 'import/unsound',
  place: file,
  found: 'a file that every other command would refuse, for the reasons above',
  expected: 'a fleet file that passes `rollcall plan`: nothing is written',
  next: 'Correct the file by hand, then import again; --check shows what would be added.',
});

const nothing = (unread: readonly Unread[]): UserError =>
  new UserError({
    code: 'import/nothing',
    found: ['no cluster', ...unread.map(({ source, found }) => `${source}: ${found}`)].join('; '),
    expected: 'at least one, for a fleet file that is new',
    next: 'Name other profiles, regions or kubeconfigs.',
  });
