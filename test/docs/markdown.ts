import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parsers } from 'prettier/plugins/markdown';

/** The project's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a Markdown document consists of (mdast), in the parts that are read here. */
export interface Node {
  readonly type: string;
  readonly children?: readonly Node[];
  /** Of text, `inlineCode` and `code`. */
  readonly value?: string;
  /** Of links, images and definitions. */
  readonly url?: string;
  /** Of `code`. */
  readonly lang?: string;
}

export interface Page {
  /** Relative to the root. */
  readonly file: string;
  /** Every node, in the order of the text. */
  readonly nodes: readonly Node[];
}

const notOurs = ['node_modules', 'dist', 'build', 'coverage'];

/** Every Markdown document of the project. */
export const markdownFiles = (): readonly string[] =>
  globSync('**/*.md', { cwd: root, exclude: (name) => notOurs.includes(name) }).sort();

export async function readPage(file: string): Promise<Page> {
  const text = readFileSync(`${root}${file}`, 'utf8');
  // Prettier's own parser takes options that only its printer uses.
  const document = (await parsers.markdown.parse(text, {} as never)) as Node;
  return { file, nodes: flatten(document) };
}

export const readPages = (): Promise<readonly Page[]> =>
  Promise.all(markdownFiles().map((file) => readPage(file)));

const flatten = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(flatten)];

export const textOf = (node: Node): string =>
  flatten(node)
    .map(({ value = '' }) => value)
    .join('');

/** Anchors of the headings, as GitHub makes them. */
export function anchorsOf({ nodes }: Page): readonly string[] {
  const taken = new Map<string, number>();
  return nodes
    .filter(({ type }) => type === 'heading')
    .map((heading) => {
      const slug = textOf(heading)
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-');
      const before = taken.get(slug) ?? 0;
      taken.set(slug, before + 1);
      return before === 0 ? slug : `${slug}-${before}`;
    });
}

/** A table's rows of cells, without its head. */
export type Rows = readonly (readonly Node[])[];

/** What stands under a heading, up to the next one. */
export function nodesUnder({ nodes }: Page, title: string): readonly Node[] {
  const at = nodes.findIndex((node) => node.type === 'heading' && textOf(node) === title);
  if (at === -1) return [];
  const after = nodes.slice(at + 1);
  const next = after.findIndex(({ type }) => type === 'heading');
  return after.slice(0, next === -1 ? undefined : next);
}

export const tablesUnder = (page: Page, title: string): readonly Rows[] =>
  nodesUnder(page, title)
    .filter(({ type }) => type === 'table')
    .map(({ children = [] }) => children.slice(1).map((row) => row.children ?? []));

/** The first of them. */
export function tableUnder(page: Page, title: string): Rows {
  const [table] = tablesUnder(page, title);
  if (!table) throw new Error(`${page.file} has no table under "${title}"`);
  return table;
}

/** The code in the first cell of each row. */
export const namesUnder = (page: Page, title: string): readonly string[] =>
  tableUnder(page, title).map(([first]) => codeOf(first));

/** Every inline code in a node. */
export const codesOf = (node: Node): readonly string[] =>
  flatten(node).flatMap(({ type, value }) => (type === 'inlineCode' ? [value ?? ''] : []));

/** The first of them, or nothing. */
export const codeOf = (node: Node | undefined): string => (node && codesOf(node)[0]) ?? '';

/** Fenced code of a language. */
export const codeBlocks = ({ nodes }: Page, ...languages: readonly string[]): readonly string[] =>
  nodes.flatMap(({ type, lang, value }) =>
    type === 'code' && lang !== undefined && languages.includes(lang) ? [value ?? ''] : [],
  );
