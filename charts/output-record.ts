import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { z } from 'zod';
import type { Access } from './access-list.ts';
import { digestOf } from './digest.ts';
import type { Generated, Output } from './output.ts';
import { outputFormats, type OutputFormat } from './output-format.ts';
import type { Unit } from './units.ts';
import { isFileError, UserError } from './user-error.ts';

/** Says what was generated: so what may be replaced, what was edited since, and what is gone. */
export const listFile = '_rollcall.json';

/** What an output folder was written with. */
export interface OutputRecord extends Generated {
  readonly fleet: string;
  readonly format: OutputFormat;
  /** The digest of each file, by its path. */
  readonly files: ReadonlyMap<string, string>;
}

const isInside = (path: string): boolean =>
  path !== listFile &&
  posix.normalize(path) === path &&
  !posix.isAbsolute(path) &&
  !/^\.\.?(\/|$)|\\|\/$|\0/.test(path);

const schema = z.strictObject({
  version: z.literal(1),
  fleet: z.string(),
  format: z.enum(outputFormats),
  files: z.record(z.string().refine(isInside), z.string().regex(/^[0-9a-f]{64}$/)),
  units: z.record(z.string(), z.record(z.string(), z.string())),
  applied: z.array(z.string()),
  access: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
});

/** Grouped, so that each thing is a line: the list is reviewed with the rest, in Git say. */
export function recordText({ fleet, format, files, units, applied, access }: Output): string {
  const record: z.input<typeof schema> = {
    version: 1,
    fleet,
    format,
    files: Object.fromEntries(files.map(({ path, text }) => [path, digestOf(text)])),
    units: mapValues(
      Map.groupBy(units, ({ where }) => where),
      (inPlace) => Object.fromEntries(inPlace.map(({ what, digest }) => [what, digest])),
    ),
    applied: [...applied],
    access: mapValues(
      Map.groupBy(access, ({ who }) => who),
      (ofOne) =>
        mapValues(
          Map.groupBy(ofOne, ({ to }) => to),
          (ways) => ways.map(({ what }) => what),
        ),
    ),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/**
 * What an earlier output says of itself, or `undefined` where there is none.
 *
 * @throws UserError for a list that no synth has written
 */
export function readRecord(folder: string): OutputRecord | undefined {
  const text = readIfThere(join(folder, listFile));
  if (text === undefined) return undefined;
  const record = schema.safeParse(parseJson(text));
  if (!record.success) throw notOurs(join(folder, listFile));
  const { fleet, format, files, units, applied, access } = record.data;
  return {
    fleet,
    format,
    files: new Map(Object.entries(files)),
    units: Object.entries(units).flatMap(([where, inPlace]) =>
      Object.entries(inPlace).map(([what, digest]): Unit => ({ where, what, digest })),
    ),
    applied,
    access: Object.entries(access).flatMap(([who, places]) =>
      Object.entries(places).flatMap(([to, ways]) =>
        ways.map((what): Access => ({ who, to, what })),
      ),
    ),
  };
}

const notOurs = (file: string): UserError =>
  new UserError({
    code: 'cli/output-list',
    found: `${file}, which is not as synth writes it`,
    expected:
      '{"version": 1, …}, with the paths and digests of what was written: it says what may be replaced',
    next: 'Move the folder away, and run synth again; or use the version of Rollcall that wrote it.',
  });

const mapValues = <T, U>(
  groups: ReadonlyMap<string, T>,
  change: (value: T) => U,
): Record<string, U> => Object.fromEntries([...groups].map(([key, value]) => [key, change(value)]));

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isFileError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
