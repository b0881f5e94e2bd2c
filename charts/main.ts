import { existsSync, readFileSync } from 'node:fs';
import { formatCount, formatDiagnostic } from '../src/fleet/format.ts';
import { prepare } from './pipeline.ts';
import { renderOutput } from './render.ts';
import { writeOutput } from './write.ts';

/** The app of `cdk8s.yaml`: `ROLLCALL_FLEET`, or `fleet.yaml`, or the example of this repository. */
const candidates = [process.env.ROLLCALL_FLEET, 'fleet.yaml', 'examples/seed-000.yaml'];
const file = candidates.find((path) => path !== undefined && existsSync(path)) ?? 'fleet.yaml';
const prepared = prepare(readFileSync(file, 'utf8'), file);
if (prepared.kind === 'invalid') {
  const shown = prepared.diagnostics.map((one) => formatDiagnostic(one, { color: false }));
  process.stderr.write(`${[...shown, formatCount(prepared.diagnostics)].join('\n\n')}\n`);
  process.exitCode = 1;
} else {
  const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
  writeOutput(renderOutput(prepared.graph, prepared.iam), outdir);
}
