import { UserError } from './user-error.ts';

/** Of others, where something is to be written. */
export const foreign = (folder: string, paths: readonly string[]): UserError =>
  new UserError({
    code: 'cli/foreign-files',
    found: `files in ${folder} that Rollcall did not write, where it would write: ${firstOf(paths)}`,
    expected: 'no files of others at the paths of the output; elsewhere in the folder they stay',
    next: 'Choose another folder, or move those files out.',
  });

/** Ours, which would be lost. */
export const edited = (folder: string, paths: readonly string[]): UserError =>
  new UserError({
    code: 'cli/edited-files',
    found: `files in ${folder} that were edited since Rollcall wrote them: ${firstOf(paths)}`,
    expected: 'files as they were written: what is changed by hand belongs into the fleet file',
    next: 'See what would be lost by rollcall diff. Then synth --overwrite-edited writes over them; to keep one, move it to another name.',
  });

/** Replaced, it would be told as what is to be taken out of the clusters. */
export const otherFleets = (folder: string, found: string, asked: string): UserError =>
  new UserError({
    code: 'cli/other-fleet',
    found: `the output of fleet ${found} in ${folder}`,
    expected: `a folder that is new, or has the output of fleet ${asked}`,
    next: `Choose another folder by -d. If the fleet was renamed: rollcall plan lists what to take out; then move the folder away.`,
  });

/** So many say enough. */
const mostNamed = 5;

const firstOf = (paths: readonly string[]): string =>
  paths.length <= mostNamed
    ? paths.join(', ')
    : `${paths.slice(0, mostNamed).join(', ')}, and ${paths.length - mostNamed} more`;

/** Of what can't be renamed: taking away the old folder would empty it. */
export const mounted = (found: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'cli/output-folder',
      found: `a mount point, or something that is in use: ${found}`,
      expected: 'a folder that can be replaced as a whole, by renaming',
      next: 'Choose a folder within the mount, one level deeper.',
    },
    { cause },
  );

/** What the file system refuses. */
export const unusable = (found: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'cli/output-folder',
      found,
      expected: 'a folder that can be read, and written beside: it is replaced as a whole',
      next: 'Choose another folder, or correct what is there.',
    },
    { cause },
  );
