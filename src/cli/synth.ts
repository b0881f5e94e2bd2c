import { renderOutput } from '../../charts/render.ts';
import { writeOutput } from '../../charts/write.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { prepareFile, type Ready } from './fleet-file.ts';
import { columns, printData, type CliIo, type OutputFormat } from './io.ts';

export interface SynthOptions {
  readonly output: string;
  readonly format: OutputFormat;
}

/** `rollcall synth`: everything that the fleet file asks for, written into one folder. */
export function runSynth(io: CliIo, file: string, options: SynthOptions): number {
  const ready = prepareFile(io, file, options.format);
  if (!ready) return exitCodes.error;
  const files = renderOutput(ready.graph, ready.iam);
  const result = writeOutput(files, options.output);
  if (result.kind === 'foreign') {
    throw new CliError({
      code: 'cli/foreign-files',
      found: `files in ${options.output} that Rollcall did not write: ${result.files.slice(0, 5).join(', ')}`,
      expected:
        'a folder that is new, empty, or holds an earlier output alone: it is replaced as a whole',
      next: 'Choose another folder with -o, or move those files out.',
    });
  }
  const data = { output: options.output, files: files.map(({ path }) => path), apply: ready.order };
  printData(io, options.format, data, () => files.map(({ path }) => `${path}\n`).join(''));
  if (options.format === 'table') io.stderr(`\n${nextSteps(ready, options.output)}`);
  return exitCodes.ok;
}

/** The order in which to apply it: IAM refuses a trust in a role that does not exist. */
function nextSteps({ order, graph }: Ready, output: string): string {
  const steps = order.steps.map(({ step, action, account, role }) => [
    `  ${step}.`,
    action,
    `${account}/${role}`,
  ]);
  const apply = graph.clusters.map(({ cluster }) => cluster.name).join(', ');
  return [
    `Written to ${output}. Apply in this order:\n`,
    ...order.prerequisites.map(({ arn, clientId }) => `  0.  exists: ${arn} (${clientId})\n`),
    columns(steps),
    `  then merge _aws-auth/*.yaml into each cluster's kube-system/aws-auth,\n`,
    `  and apply the folder of each cluster: ${apply}.\n`,
  ].join('');
}
