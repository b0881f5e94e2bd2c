import { existsSync } from 'node:fs';
import { formatDiagnostics } from '../src/fleet/format.ts';
import { prepare } from './pipeline.ts';
import { readFleetFile } from './read-fleet.ts';
import { renderTree } from './render.ts';
import { formatProblem, UserError } from './user-error.ts';
import { writeOutput } from './write.ts';

/** The app of `cdk8s.yaml`: `ROLLCALL_FLEET`, or else `fleet.yaml`, or the example of this repository. */
const present = ['fleet.yaml', 'examples/seed-000.yaml'].find((path) => existsSync(path));
const file = process.env.ROLLCALL_FLEET ?? present ?? 'fleet.yaml';

try {
  const prepared = prepare(readFleetFile(file), file);
  if (prepared.kind === 'ready') {
    writeOutput(renderTree(prepared), process.env.CDK8S_OUTDIR ?? 'dist');
  } else {
    process.stderr.write(formatDiagnostics(prepared.diagnostics, { color: false }));
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(formatProblem(error.problem));
  process.exitCode = 1;
}
