import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../charts/user-error.ts';
import { writeOutput } from '../../charts/write.ts';
import { contentOf, fill, inTemporaryFolder, namesIn, outputWith } from './support/folders.ts';

const path = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const text = fc.constantFrom('', 'x', 'y');

/** Files of which none is a folder of another. */
const files = fc
  .dictionary(path, text, { maxKeys: 6 })
  .map((all) =>
    Object.fromEntries(
      Object.entries(all).filter(
        ([one]) => !Object.keys(all).some((other) => other.startsWith(`${one}/`)),
      ),
    ),
  );

/** What somebody does between two writes, as far as it can be done there. */
const deeds = fc.array(fc.record({ path, text: fc.option(text) }), { maxLength: 5 });

function doThere(
  dist: string,
  deed: { readonly path: string; readonly text: string | null },
): void {
  try {
    if (deed.text !== null) fill(dist, { [deed.path]: deed.text });
    else if (lstatSync(join(dist, deed.path)).isFile()) rmSync(join(dist, deed.path));
  } catch {
    // A file where a folder would have to be, or the other way round.
  }
}

it('any write brings what is wanted, loses nothing of others, and nothing edited unasked', () => {
  const seen = { written: 0, edited: 0, foreign: 0 };
  fc.assert(
    fc.property(files, deeds, files, fc.boolean(), (first, done, second, overwriteEdited) => {
      inTemporaryFolder((folder) => {
        const dist = join(folder, 'dist');
        writeOutput(outputWith(first), dist);
        for (const deed of done) doThere(dist, deed);
        const { '_rollcall.json': list, ...before } = contentOf(dist);
        const others = Object.entries(before).filter(([at]) => !Object.hasOwn(first, at));
        try {
          writeOutput(outputWith(second), dist, { overwriteEdited });
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          seen[error.problem.code === 'cli/edited-files' ? 'edited' : 'foreign'] += 1;
          expect(contentOf(dist)).toEqual({ '_rollcall.json': list, ...before });
          if (error.problem.code === 'cli/edited-files') {
            const isEdited = ([at, now]: [string, string]) =>
              Object.hasOwn(first, at) && first[at] !== now && second[at] !== now;
            expect(Object.entries(before).some(isEdited)).toBe(true);
            expect(overwriteEdited).toBe(false);
          }
          return;
        }
        seen.written += 1;
        const { '_rollcall.json': after, ...rest } = contentOf(dist);
        expect(after).toBeDefined();
        expect(rest).toEqual({ ...Object.fromEntries(others), ...second });
        expect(namesIn(folder)).toEqual(['dist']);
      });
    }),
    { numRuns: Number(process.env.SOAK_RUNS ?? 300) },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
});
