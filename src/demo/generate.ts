import { readFileSync } from 'node:fs';
import { prepare } from '../../charts/pipeline.ts';
import { renderTree } from '../../charts/render.ts';
import { writeOutput } from '../../charts/write.ts';
import type { AwsAuthFragment } from '../aws-auth/fragment.ts';
import { mergeSection } from '../aws-auth/merge-section.ts';
import { wantedIn, type SectionName } from '../aws-auth/sections.ts';

/** Writes the generated tree of a fleet file. Throws `Error` with the place of the first thing that is wrong. */
export function synthesise(fleetFile: string, outputDir: string): void {
  const prepared = prepare(readFileSync(fleetFile, 'utf8'), fleetFile);
  if (prepared.kind === 'invalid') {
    const [first] = prepared.diagnostics;
    throw new Error(`${fleetFile}:${first?.line ?? 1}: ${first?.found ?? 'is not valid'}`);
  }
  writeOutput(renderTree(prepared), outputDir);
}

/** Text of a section of `aws-auth` with the fragment's entries. Throws when they can't be merged. */
export function mergeOrThrow(
  existing: string | undefined,
  fragment: unknown,
  section: SectionName = 'mapRoles',
): string {
  const entries = fragment as AwsAuthFragment;
  const result = mergeSection(section, existing, wantedIn(section, entries), entries.fleet);
  if (result.kind === 'refused') throw new Error(`${result.code}: ${result.found}. ${result.next}`);
  return result.text ?? '';
}
