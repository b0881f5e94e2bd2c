import { expect } from '@jest/globals';
import { run } from '../process/command.ts';
import { binary } from '../process/binaries.ts';
import { schemaLocation } from './openapi-schemas.ts';

interface Conformity {
  readonly resources?: readonly { readonly kind: string; readonly msg: string }[];
  readonly summary: { readonly valid: number; readonly skipped: number };
}

/** Its findings, errors of its own included, against the schemas of a folder. */
export async function kubeconform(schemas: string, files: readonly string[]) {
  const { stdout, stderr } = await run(binary('kubeconform'), [
    '-strict',
    '-summary',
    '-output=json',
    `-schema-location=${schemaLocation(schemas)}`,
    ...files,
  ]);
  expect(stderr).toBe('');
  const { resources = [], summary } = JSON.parse(stdout) as Conformity;
  return { found: resources.map(({ kind, msg }) => `${kind}: ${msg}`), ...summary };
}
