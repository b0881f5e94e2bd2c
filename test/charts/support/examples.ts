import { readFileSync } from 'node:fs';
import { prepare } from '../../../charts/pipeline.ts';
import type { Output } from '../../../charts/output.ts';
import type { OutputFormat } from '../../../charts/output-format.ts';
import { renderTree } from '../../../charts/render.ts';
import type { OutputFile } from '../../../src/iam/render.ts';

/** The fleets of examples/ whose whole output is kept in test/golden. */
export const examples = [
  'seed-000',
  'seed-000-lambda',
  'seed-001',
  'seed-002',
  'seed-003',
  'seed-004',
  'identities',
  'two-partitions',
  'three-partitions',
  'forty-clusters',
  'strategy',
] as const;
export type Example = (typeof examples)[number];

export const exampleText = (name: Example): string =>
  readFileSync(new URL(`../../../examples/${name}.yaml`, import.meta.url), 'utf8');

/** Every file that a fleet file gives. */
export const outputOf = (text: string): readonly OutputFile[] => treeOf(text).files;

/** The same with what it means, as it is written into a folder. */
export function treeOf(text: string, format: OutputFormat = 'manifests'): Output {
  const prepared = prepare(text, 'fleet.yaml');
  if (prepared.kind === 'ready') return renderTree(prepared, format);
  throw new Error(JSON.stringify(prepared.diagnostics, null, 2));
}
