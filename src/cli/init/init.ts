import { existsSync } from 'node:fs';
import { prepare } from '../../../charts/pipeline.ts';
import {
  formatProblem,
  isFileError,
  UserError,
  type UserProblem,
} from '../../../charts/user-error.ts';
import { printable } from '../../fleet/terminal-text.ts';
import { composeFleet } from '../../init/compose.ts';
import { partsOf, problemOf, questions, type Answers, type Key } from '../../init/questions.ts';
import { exitCodes } from '../exit-codes.ts';
import { Interrupted, type CliIo, type Prompt } from '../io.ts';
import { whyUnwritten, writeFleet } from '../write-fleet.ts';

/** Answers given by flags; `workload` may be given several times. */
export type InitOptions = { readonly [K in Key]?: Answers[K] } & {
  /** The fleet file. */
  readonly fleet: string;
  /** Asks nothing: what has a preset gets it. Default: asks, on a terminal. */
  readonly yes?: true;
};

/** One text for each answer, as it is typed. */
type Given = Partial<Record<Key, string>>;

/**
 * `rollcall init`: begins a fleet file, by flags and by questions on a terminal.
 *
 * @returns 0 written; 1 all that is wrong with the flags (`init/argument`) or missing (`init/missing`)
 * has been shown; 130 interrupted
 * @throws UserError `init/exists`, `init/write`
 */
export async function runInit(io: CliIo, options: InitOptions): Promise<number> {
  const { fleet: file, yes = false, workload, ...others } = options;
  if (existsSync(file)) throw exists(file);
  const flags: Given = { ...others, ...(workload && { workload: workload.join(' ') }) };
  const wrong = wrongOf(flags);
  if (wrong.length > 0) return refuse(io, wrong);
  const prompt = yes ? undefined : io.openPrompt?.();
  const given = prompt ? await askOrStop(io, prompt, flags) : flags;
  if (given === 'interrupted') {
    io.stderr('Interrupted: nothing is written.\n');
    return exitCodes.interrupted;
  }
  const missing = missingOf(given, prompt !== undefined);
  if (missing.length > 0) return refuse(io, missing);
  const text = composeFleet(complete(given));
  const prepared = prepare(text, file);
  if (prepared.kind === 'invalid') {
    throw new Error(`accepted answers made a fleet with ${prepared.diagnostics[0]?.code ?? ''}`);
  }
  save(file, text);
  const name = printable(file);
  io.stderr(`Written to ${name}. See what it comes to: rollcall plan ${name}\n`);
  return exitCodes.ok;
}

function refuse(io: CliIo, problems: readonly UserProblem[]): number {
  io.stderr(problems.map(formatProblem).join('\n'));
  return exitCodes.error;
}

/** Of each flag that breaks its rules. */
const wrongOf = (flags: Given): readonly UserProblem[] =>
  questions.flatMap((question) => {
    const { key } = question;
    const value = flags[key];
    const problem = value === undefined ? undefined : problemOf(question, value, answersOf(flags));
    if (!problem) return [];
    return [{ code: 'init/argument', place: `--${key}`, ...problem, found: `"${problem.found}"` }];
  });

async function askOrStop(io: CliIo, prompt: Prompt, flags: Given): Promise<Given | 'interrupted'> {
  try {
    return await askAll(io, prompt, flags);
  } catch (error) {
    if (error instanceof Interrupted) return 'interrupted';
    throw error;
  }
}

/** Each answer until its rule holds. Where the input ends, what is answered so far. */
async function askAll(io: CliIo, prompt: Prompt, flags: Given): Promise<Given> {
  const given: Given = { ...flags };
  try {
    for (const question of questions) {
      const { key, text, preset } = question;
      const preferred = preset?.(answersOf(given));
      while (given[key] === undefined) {
        const shown = preferred === undefined ? '' : ` [${preferred}]`;
        const typed = await prompt.ask(`${text}${shown}: `);
        if (typed === undefined) return given;
        const answer = typed.trim() === '' ? (preferred ?? '') : typed.trim();
        const problem = problemOf(question, answer, answersOf(given));
        if (!problem) given[key] = answer;
        else {
          const { found, expected, next } = problem;
          io.stderr(`  found:    ${printable(found) || 'nothing'}\n  expected: ${expected}\n`);
          io.stderr(`  next:     ${next}\n`);
        }
      }
    }
    return given;
  } finally {
    prompt.close();
  }
}

/** Of each answer that is needed and not given. */
const missingOf = (given: Given, asked: boolean): readonly UserProblem[] =>
  questions
    .filter(({ key, preset }) => given[key] === undefined && !preset)
    .map(({ key, text }) => ({
      code: 'init/missing',
      place: `--${key}`,
      found: 'nothing',
      expected: text,
      next: asked
        ? 'Begin again and answer each question, or give it as a flag.'
        : 'Give it, or run it on a terminal, where it asks.',
    }));

function complete(given: Given): Answers {
  const presets = questions.map(({ key, preset }) => [key, preset?.(answersOf(given))] as const);
  return answersOf({ ...Object.fromEntries(presets), ...given }) as Answers;
}

const answersOf = ({ workload, ...others }: Given): Partial<Answers> => ({
  ...others,
  ...(workload !== undefined && { workload: partsOf(workload) }),
});

function save(file: string, text: string): void {
  try {
    if (writeFleet(file, text) !== 'written') throw exists(file);
  } catch (error) {
    if (error instanceof UserError || !isFileError(error)) throw error;
    throw new UserError(
      {
        code: 'init/write',
        place: file,
        found: whyUnwritten(error),
        expected: 'a folder that can be written to',
        next: 'Name another file by -f.',
      },
      { cause: error },
    );
  }
}

const exists = (file: string): UserError =>
  new UserError({
    code: 'init/exists',
    place: file,
    found: 'a file of that name',
    expected: 'none: nothing is written over',
    next: 'Name another file by -f, or add to this one by rollcall import.',
  });
