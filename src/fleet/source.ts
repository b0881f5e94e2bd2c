import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { type Fault, mostProblems } from './codes.ts';
import type { Diagnostic, FleetPath, Problem } from './diagnostic.ts';
import { Places } from './places.ts';
import { startOf, tooDeep, Unreadable, YamlReader } from './read-yaml.ts';

/** A fleet file's text as a value, with the place of each part of it. */
export interface Source {
  readonly value: unknown;
  /** Faults that leave a value to go on with: repeated keys, merge keys. */
  readonly diagnostics: readonly Diagnostic[];
  /** At the value of the path or its key; where there is none, at the nearest thing around it. */
  readonly locate: (problem: Problem) => Diagnostic;
  /** A scalar as it is written, before YAML makes a number of it. */
  readonly written: (path: FleetPath) => string | undefined;
  /** After the file's last character. */
  readonly end: (fault: Fault) => Diagnostic;
}

export type ReadResult =
  | { readonly kind: 'source'; readonly source: Source }
  | { readonly kind: 'unreadable'; readonly diagnostics: readonly Diagnostic[] };

/** 2 Mi characters: room for a thousand clusters with the certificate of each. */
const longest = 2 * 1024 * 1024;
/** One syntax error brings others after it, which are mostly its echo. */
const mostSyntaxErrors = 3;

/** Reads YAML 1.2 (core schema, one document). A byte order mark is skipped. Never throws. */
export function readSource(raw: string, file: string): ReadResult {
  const text = raw.replace(/^\ufeff/, '');
  if (text.length > longest) return unreadable(new Places('', file).first(tooLarge(text.length)));
  const places = new Places(text, file);
  const bad = notText.exec(text);
  if (bad) return unreadable(places.diagnostic(notUtf8(bad[0]), { offset: bad.index }));

  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    stringKeys: true,
    uniqueKeys: false, // the library's own check is quadratic; the reader's is not
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
  });
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const overflow = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (overflow) return unreadable(places.diagnostic(tooDeep, { offset: overflow.pos[0] }));
  if (errors.length > 0) {
    const shown = errors.slice(0, mostSyntaxErrors);
    const more = errors.length - shown.length;
    return unreadable(
      ...shown.map(({ code, message, pos }, index) => {
        const fault = syntax(code, message);
        const next =
          index === mostSyntaxErrors - 1 && more > 0 ? andMore(fault.next, more) : fault.next;
        return places.diagnostic({ ...fault, next }, { offset: pos[0] });
      }),
    );
  }
  if (document.directives.yaml.version !== '1.2') return unreadable(places.first(oldYaml));
  const contents = document.contents as Node | null;
  if (!contents || (isScalar(contents) && contents.value === null)) {
    return unreadable(places.first(empty));
  }

  const reader = new YamlReader();
  try {
    const value = reader.read(document);
    const find = (path: FleetPath) => findNode(contents, path, reader);
    return {
      kind: 'source',
      source: {
        value,
        diagnostics: reader.faults
          .slice(0, mostProblems)
          .map((fault) => places.diagnostic(fault, { ...fault, atKey: true })),
        locate: (problem) =>
          places.diagnostic(problem, { ...problem, offset: offsetOf(find(problem.path), problem) }),
        written: (path) => {
          const { node, whole } = find(path);
          const scalar = node && reader.target(node);
          return whole && isScalar(scalar) ? scalar.source : undefined;
        },
        end: (fault) => places.last(fault),
      },
    };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return unreadable(places.diagnostic(error.fault, error.fault));
  }
}

interface Found {
  readonly node: Node | undefined;
  readonly key: Node | undefined;
  /** The whole path is there. */
  readonly whole: boolean;
}

/** The first of repeated keys, as the reader takes it. */
function findNode(root: Node, path: FleetPath, reader: YamlReader): Found {
  let node: Node | undefined = root;
  let key: Node | undefined;
  for (const step of path) {
    const inside: Node | undefined = node && reader.target(node);
    if (isMap(inside)) {
      const entry = reader.entry(inside, String(step));
      if (!entry) return { node, key, whole: false };
      node = entry.value ?? undefined;
      key = entry.key;
    } else {
      const item = isSeq<Node>(inside) && typeof step === 'number' ? inside.items[step] : undefined;
      if (!item) return { node, key, whole: false };
      node = item;
      key = undefined;
    }
  }
  return { node, key, whole: true };
}

function offsetOf({ node, key, whole }: Found, { atKey }: Problem): number {
  const place = (whole && atKey ? key : undefined) ?? node ?? key;
  return place ? startOf(place) : 0;
}

const unreadable = (...diagnostics: Diagnostic[]): ReadResult => ({
  kind: 'unreadable',
  diagnostics,
});

/** Control characters, lone halves of surrogate pairs, and what a decoder puts in for bad bytes. */
const notText = /(?![\t\n\r\u0085])\p{Cc}|\r(?!\n)|\p{Cs}|[\ufeff\ufffd-\uffff]/u;

const notUtf8 = (character: string): Fault => ({
  code: 'fleet/encoding',
  found: `the character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  expected: 'printable text in UTF-8, its lines ended by LF or CR LF',
  next: 'Save the file as UTF-8, and remove this character.',
});

const tooLarge = (length: number): Fault => ({
  code: 'fleet/too-large',
  found: `${length} characters`,
  expected: `at most ${longest} characters`,
  next: 'Split the fleet into several files, each with its own name.',
});

const empty: Fault = {
  code: 'fleet/empty-file',
  found: 'no content',
  expected: 'a fleet file',
  next: 'Begin with `apiVersion: rollcall.dev/v1alpha1` and `kind: Fleet`.',
};

const oldYaml: Fault = {
  code: 'fleet/yaml',
  found: 'a %YAML directive for another version',
  expected: 'YAML 1.2',
  next: 'Remove the directive.',
};

const advice: Readonly<Record<string, { expected: string; next: string }>> = {
  TAB_AS_INDENT: { expected: 'spaces', next: 'Indent with spaces.' },
  MULTIPLE_DOCS: { expected: 'one document', next: 'Put each fleet into a file of its own.' },
  TAG_RESOLVE_FAILED: { expected: 'values without tags', next: 'Remove the tag.' },
  NON_STRING_KEY: { expected: 'a text as key', next: 'Write a plain key.' },
};

const andMore = (next: string, more: number): string =>
  `${next} ${more} more ${more === 1 ? 'is' : 'are'} not shown: most go with the first.`;

const syntax = (code: string, message: string): Fault => ({
  code: 'fleet/yaml',
  found: message,
  ...(advice[code] ?? { expected: 'YAML 1.2', next: 'Correct the YAML at this place.' }),
});
