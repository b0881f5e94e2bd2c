import { readFileSync } from 'node:fs';
import { prepare } from '../../charts/pipeline.ts';
import { renderOutput } from '../../charts/render.ts';
import { writeOutput } from '../../charts/write.ts';
import type { AwsAuthFragment } from '../aws-auth/fragment.ts';
import { mergeAwsAuth } from '../aws-auth/merge.ts';

/** Writes the generated tree of a fleet file. Throws `Error` with the place of the first thing that is wrong. */
export function synthesise(fleetFile: string, outputDir: string): void {
  const prepared = prepare(readFileSync(fleetFile, 'utf8'), fleetFile);
  if (prepared.kind === 'invalid') {
    const [first] = prepared.diagnostics;
    throw new Error(`${fleetFile}:${first?.line ?? 1}: ${first?.found ?? 'is not valid'}`);
  }
  writeOutput(renderOutput(prepared.graph, prepared.iam), outputDir);
}

/** Text of the new `mapRoles`. Throws when the fragment can't be merged. */
export function mergeOrThrow(existing: string | undefined, fragment: unknown): string {
  const result = mergeAwsAuth(existing, fragment as AwsAuthFragment);
  if (result.kind === 'refused') throw new Error(`${result.code}: ${result.found}. ${result.next}`);
  return result.mapRoles;
}
