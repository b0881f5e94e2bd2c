import { parseArgs } from 'node:util';
import { hunt } from './mutate.ts';
import { mutants } from './mutants.ts';
import { trueCore } from './core-under-test.ts';
import { simulate } from './simulate.ts';
import { soak, type Soaked } from './soak.ts';
import { summaryOf } from './summary.ts';

const usage = 'npm run soak -- [--seeds 10000] [--from 1] | --seed N | --mutants';
/** From so many seeds on everything must have happened that happens sometimes. */
const seedsForAll = 1_000;

/** @returns the exit code */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '3000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      mutants: { type: 'boolean', default: false },
    },
  });
  const [seeds, from, seed] = [values.seeds, values.from, values.seed ?? '0'].map(Number);
  if (![seeds, from, seed].every(Number.isSafeInteger)) {
    console.error(`seeds are whole numbers. Usage: ${usage}`);
    return 2;
  }
  if (values.seed !== undefined) return replay(seed ?? 0);
  if (values.mutants) return huntAll(from ?? 1);
  return soakAll(from ?? 1, seeds ?? 0);
}

function replay(seed: number): number {
  const { history, hash, failure } = simulate(seed, trueCore, { keepsHistory: true });
  for (const line of history) console.log(line);
  console.log(
    `seed ${seed}: history ${hash}, ${failure ? failure.message : 'all invariants held'}`,
  );
  return failure ? 1 : 0;
}

async function soakAll(from: number, seeds: number): Promise<number> {
  const soaked = await soak(from, seeds);
  console.log(summaryOf(soaked));
  const isWell = failuresOf(soaked, seeds);
  const mutant = mutants[from % mutants.length];
  const isCaught = mutant ? await huntOne(mutant, from) : true;
  return isWell && isCaught ? 0 : 1;
}

function failuresOf({ failures, unsteady, catalogue }: Soaked, seeds: number): boolean {
  for (const { seed, message } of failures.slice(0, 10)) {
    console.error(`seed ${seed}: ${message}\n  Next: npm run soak -- --seed ${seed}`);
  }
  for (const seed of unsteady) console.error(`seed ${seed} went differently the second time`);
  const missing = seeds >= seedsForAll ? catalogue.missing : [];
  for (const one of missing) console.error(`never happened: ${one}`);
  return failures.length + unsteady.length + missing.length === 0;
}

async function huntAll(from: number): Promise<number> {
  let survivors = 0;
  for (const mutant of mutants) if (!(await huntOne(mutant, from))) survivors += 1;
  console.log(`${mutants.length - survivors} of ${mutants.length} mutants caught`);
  return survivors === 0 ? 0 : 1;
}

async function huntOne(mutant: (typeof mutants)[number], from: number): Promise<boolean> {
  const caught = await hunt(mutant, from);
  if (caught.kind === 'survived') {
    console.error(`mutant "${mutant.name}" survived ${caught.seeds} seeds`);
    return false;
  }
  console.log(
    `mutant "${mutant.name}": caught by ${caught.by} after ${caught.seeds} seeds (${caught.seed})`,
  );
  return true;
}

process.exitCode = await main();
