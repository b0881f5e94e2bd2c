import { Document, Scalar, visit } from 'yaml';
import { literalText, merged } from './expression.ts';
import {
  fillingOf,
  isHole,
  isNodeMap,
  type Expression,
  type Filling,
  type Style,
} from './template.ts';
import type { Node, TemplateDocument } from './template.ts';

/** Several objects as one template file, in their order. */
export const writeTemplates = (documents: readonly TemplateDocument[]): string =>
  documents.map(writeTemplate).join('---\n');

/**
 * One object as a template of Helm. It is written as YAML with marks where the holes are, marks that
 * stand nowhere else in it; then whatever would begin an action is made a text, and only after that
 * the marks become actions. So nothing that a user has named can be one.
 */
export function writeTemplate({ node, conditions }: TemplateDocument): string {
  const marks = new Marks(node);
  const text = toYaml(marks.marked(node));
  const body = text
    .split('\n')
    .map((line) => marks.fill(literalText(line)))
    .join('\n');
  const [first, ...rest] = conditions;
  if (first === undefined) return body;
  const condition = rest.length === 0 ? first : `and ${[first, ...rest].join(' ')}`;
  return `{{- if ${condition} }}\n${body}{{- end }}\n`;
}

/** What a YAML 1.1 parser breaks lines at, or refuses, where it stands as it is (go-yaml, readerc.go). */
const special = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * As charts/manifest-yaml.ts, but each text on one line: Helm takes space off the ends of documents,
 * which a block of text may need.
 */
function toYaml(value: unknown): string {
  const document = new Document(value, {
    version: '1.1',
    compat: 'core',
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && scalar.value.search(special) !== -1) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0, blockQuote: false }).replace(special, escaped);
}

/** The holes of a tree, and the marks that stand for them in its YAML. */
class Marks {
  readonly #prefix: string;
  readonly #fillings: Filling[] = [];

  constructor(node: Node) {
    const texts = textsOf(node).join('\n');
    let prefix = 'hole';
    while (texts.includes(prefix)) prefix += 'e';
    this.#prefix = prefix;
  }

  /** The tree with marks in place of its holes. */
  marked(node: Node): unknown {
    if (isHole(node)) throw new Error('a hole is the value of a key, or in a list');
    if (Array.isArray(node)) return (node as readonly Node[]).map((one) => this.#element(one));
    if (!isNodeMap(node)) return node;
    return Object.fromEntries(Object.entries(node).flatMap(([key, one]) => this.#entry(key, one)));
  }

  #element(node: Node): unknown {
    if (!isHole(node)) return this.marked(node);
    const filling = fillingOf(node);
    if (filling.kind !== 'value') throw new Error(`${filling.kind} in a list`);
    return this.#mark(filling);
  }

  #entry(key: string, node: Node): readonly (readonly [string, unknown])[] {
    if (!isHole(node)) return [[key, this.marked(node)]];
    const filling = fillingOf(node);
    switch (filling.kind) {
      case 'value':
      case 'optional':
        return [[key, this.#mark(filling)]];
      case 'entries': {
        const own = this.marked(filling.own) as object;
        if (Object.keys(own).length === 0)
          return [[key, this.#mark(asOptional(merged(filling.more)))]];
        const mark = this.#mark(filling);
        return [[key, { ...own, [mark]: mark }]];
      }
      case 'items': {
        const own = this.marked(filling.own) as readonly unknown[];
        if (own.length === 0) return [[key, this.#mark(asOptional(filling.more))]];
        return [[key, [...own, this.#mark(filling)]]];
      }
    }
  }

  #mark(filling: Filling): string {
    this.#fillings.push(filling);
    return `${this.#prefix}${this.#fillings.length - 1}x`;
  }

  /** A line of YAML, with an action where it has a mark. */
  fill(line: string): string {
    const mark = new RegExp(`^( *)((?:- )*)(?:(.*): )?${this.#prefix}(\\d+)x$`).exec(line);
    if (!mark) return line;
    const [, spaces = '', dashes = '', key, index] = mark;
    const filling = this.#fillings[Number(index)];
    if (!filling) throw new Error(`no hole is at ${line}`);
    return actions(filling, { spaces, dashes, key });
  }
}

const asOptional = (expression: Expression): Filling => ({
  kind: 'optional',
  style: 'block',
  expression,
});

interface Place {
  readonly spaces: string;
  /** Before the first key of a list's element, or the element itself. */
  readonly dashes: string;
  readonly key: string | undefined;
}

function actions(filling: Filling, { spaces, dashes, key }: Place): string {
  const indent = spaces.length + dashes.length;
  const head = `${spaces}${dashes}${key === undefined ? '' : `${key}:`}`;
  const value = (expression: Expression, style: Style): string =>
    style === 'inline'
      ? `${head}${key === undefined ? '' : ' '}{{ ${expression} | toJson }}`
      : `${head}\n${' '.repeat(indent + 2)}{{- ${expression} | toYaml | nindent ${indent + 2} }}`;
  const within = (expression: Expression, lines: string): string =>
    `${spaces}{{- with ${expression} }}\n${lines}\n${spaces}{{- end }}`;
  switch (filling.kind) {
    case 'value':
      return value(filling.expression, filling.style);
    case 'optional':
      if (dashes !== '') throw new Error(`the optional ${key ?? ''} is first in a list's element`);
      return within(filling.expression, value('.', filling.style));
    case 'entries':
      if (dashes !== '') throw new Error('more entries are first in a list’s element');
      return within(merged(filling.more), `${spaces}{{- toYaml . | nindent ${indent} }}`);
    case 'items':
      return within(filling.more, `${spaces}{{- toYaml . | nindent ${spaces.length} }}`);
  }
}

/** Every key and every text of a tree, those of its holes' own parts too. */
function textsOf(node: Node): readonly string[] {
  if (typeof node === 'string') return [node];
  if (isHole(node)) {
    const filling = fillingOf(node);
    return filling.kind === 'entries' || filling.kind === 'items' ? textsOf(filling.own) : [];
  }
  if (Array.isArray(node)) return (node as readonly Node[]).flatMap(textsOf);
  if (!isNodeMap(node)) return [];
  return Object.entries(node).flatMap(([key, one]) => [key, ...textsOf(one)]);
}
