import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCore } from './core-under-test.ts';
import { seedsForMutant, type Mutant } from './mutants.ts';
import { simulate } from './simulate.ts';

const source = fileURLToPath(new URL('../../jobs/restart', import.meta.url));

/** How a mutant was caught, or that it was not. */
export type Caught =
  | { readonly kind: 'caught'; readonly seed: number; readonly seeds: number; readonly by: string }
  | { readonly kind: 'survived'; readonly seeds: number };

/**
 * Runs seeds on a copy of the core with one mistake in it, until an invariant is broken.
 *
 * @throws where the text to replace is not there, or there more than once
 */
export async function hunt(mutant: Mutant, from: number): Promise<Caught> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-mutant-'));
  try {
    cpSync(source, folder, { recursive: true });
    const file = join(folder, mutant.file);
    const text = readFileSync(file, 'utf8');
    if (text.split(mutant.from).length !== 2) {
      throw new Error(
        `mutant "${mutant.name}": ${mutant.file} must have this once, and does not: ${mutant.from}. Next: write the mutant anew, for the file as it is.`,
      );
    }
    writeFileSync(
      file,
      text.replace(mutant.from, () => mutant.to),
    );
    const core = await loadCore(folder);
    for (let seeds = 1; seeds <= seedsForMutant; seeds += 1) {
      const seed = from + seeds - 1;
      const { failure } = simulate(seed, core);
      if (failure) return { kind: 'caught', seed, seeds, by: failure.invariant };
    }
    return { kind: 'survived', seeds: seedsForMutant };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
