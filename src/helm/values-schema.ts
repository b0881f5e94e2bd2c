import type { JsonObject } from './json.ts';
import type { Table } from './knob.ts';
import { valuesTree, type ValuesNode } from './values-tree.ts';

/** What Helm holds a release's values against, whenever it renders the chart. */
export const valuesSchema = (table: Table): JsonObject => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...mapOf(valuesTree(table), {
    // Helm gives it to each chart that another one depends on.
    global: {
      type: 'object',
      description: 'What charts above this one share. Nothing here reads it.',
    },
  }),
});

const mapOf = (nodes: readonly ValuesNode[], others: JsonObject = {}): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  required: nodes.map(({ key }) => key),
  properties: { ...Object.fromEntries(nodes.map((node) => [node.key, schemaOf(node)])), ...others },
});

function schemaOf(node: ValuesNode): JsonObject {
  switch (node.kind) {
    case 'value':
      return { description: node.knob.comment, ...node.knob.form.schema };
    case 'group':
      return {
        description: node.group.comment,
        ...mapOf(node.children),
        ...node.group.rule?.schema,
      };
  }
}
