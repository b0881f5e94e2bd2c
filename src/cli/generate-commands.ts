import { Option, type Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { outputFormats as forms, type OutputFormat as Form } from '../../charts/output-format.ts';
import { migrationTargets, type MigrationTarget } from '../access/migrate.ts';
import { exitCodes } from './exit-codes.ts';
import type { OutputFormat } from './io.ts';
import { printOptionBesideFolder } from './print-option.ts';
import { showUserErrors } from './user-errors.ts';

interface Options {
  readonly outputFolder: string;
  /** How to print. */
  readonly output: OutputFormat;
  readonly format?: Form;
}

/** The commands that generate: each writes, or compares with, one output folder. */
export function addGenerateCommands(program: Command, { io, setCode }: CommandContext): void {
  generating(program, 'synth', 'generate manifests or charts, aws-auth entries and IAM documents')
    .option('--overwrite-edited', 'write over files of Rollcall’s that were edited since')
    .action(async (file: string, options: Options & { overwriteEdited?: true }) => {
      const { runSynth } = await import('./synth.ts');
      const { overwriteEdited = false } = options;
      setCode(
        await showUserErrors(io, options.output, () =>
          runSynth(io, file, { ...settingsOf(options), overwriteEdited }),
        ),
      );
    });

  generating(program, 'plan', 'show what synth would change and what the restarts would do')
    .option('--detailed-exitcode', '0 nothing to do, 1 error, 2 something to do')
    .addOption(
      new Option(
        '--migrate <identity>',
        'show what moving kiam and kube2iam services to this identity changes',
      ).choices(migrationTargets),
    )
    .action(
      async (
        file: string,
        options: Options & { detailedExitcode?: true; migrate?: MigrationTarget },
      ) => {
        const { runPlan } = await import('./plan.ts');
        const { detailedExitcode = false, migrate } = options;
        setCode(
          await showUserErrors(io, options.output, () =>
            runPlan(io, file, {
              ...settingsOf(options),
              detailedExitcode,
              ...(migrate ? { migrate } : {}),
            }),
          ),
        );
      },
    );

  generating(program, 'diff', 'show, line by line, what synth would write over what is there')
    .addHelpText('after', '\nExit codes, as kubectl diff: 0 no difference; 1 some; 2 error.')
    // What is wrong with the arguments is no difference, either.
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : Object.assign(error, { exitCode: exitCodes.diffError });
    })
    .action(async (file: string, options: Options) => {
      const { runDiff } = await import('./diff.ts');
      setCode(
        await showUserErrors(
          io,
          options.output,
          () => runDiff(io, file, settingsOf(options)),
          exitCodes.diffError,
        ),
      );
    });
}

const generating = (program: Command, name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .argument('[fleet]', 'the fleet file', 'fleet.yaml')
    .option('-d, --output-folder <folder>', 'the folder of the output', 'dist')
    .addOption(
      new Option(
        '--format <form>',
        'what clusters get; default: what the folder was written with, else manifests',
      ).choices(forms),
    )
    .addOption(printOptionBesideFolder());

const settingsOf = ({ outputFolder, output, format }: Options) => ({
  output: outputFolder,
  format: output,
  ...(format === undefined ? {} : { form: format }),
});
