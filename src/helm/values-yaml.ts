import { stringify } from 'yaml';
import type { Table } from './knob.ts';
import { valuesTree, type ValuesNode } from './values-tree.ts';

/** values.yaml, with comments that helm-docs reads (`# --`). */
export const valuesYaml = (table: Table): string => valuesTree(table).map(lines).join('\n');

function lines(node: ValuesNode): string {
  switch (node.kind) {
    case 'value': {
      const { comment, default: preset } = node.knob;
      return `# -- ${oneLine(comment)}\n${yaml({ [node.key]: preset })}`;
    }
    case 'group': {
      const inner = node.children
        .map(lines)
        .join('')
        .replace(/^(?=.)/gm, '  ');
      return `# ${oneLine(node.group.comment)}\n${yaml({ [node.key]: null }).replace(/ null\n$/, '\n')}${inner}`;
    }
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const yaml = (value: unknown): string =>
  stringify(value, { version: '1.1', compat: 'core', lineWidth: 0, blockQuote: false });
