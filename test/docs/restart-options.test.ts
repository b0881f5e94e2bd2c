import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fleetJsonSchema } from '../../src/fleet/json-schema.ts';
import { codeOf, namesUnder, readPage, root, tableUnder, textOf, type Node } from './markdown.ts';

const page = await readPage('docs/restarts.md');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly default?: string | number | boolean;
}

/** What stands at `restarts[].strategy`; `[]` steps into the elements of a list. */
function schemaAt(path: string): Schema {
  const at = path
    .split('.')
    .reduce<Schema | undefined>(
      (schema, key) => (key === '[]' ? schema?.items : schema?.properties?.[key]),
      fleetJsonSchema(),
    );
  if (!at) throw new Error(`the fleet file has no ${path}`);
  return at;
}

const propertiesAt = (path: string): Readonly<Record<string, Schema>> =>
  schemaAt(path).properties ?? {};

/** By the code in the first cell, the last one: where it is code alone, that. */
const defaultsUnder = (title: string): Readonly<Record<string, Node | undefined>> =>
  Object.fromEntries(tableUnder(page, title).map((cells) => [codeOf(cells[0]), cells.at(-1)]));

/** What the job's help says of each option. */
const optionsInHelp = (): readonly string[] => {
  const help = execFileSync(process.execPath, ['jobs/restart/entry.ts', '--help'], {
    cwd: root,
    encoding: 'utf8',
    env: { NODE_NO_WARNINGS: '1' },
  });
  return help.split(/\n(?= {2}-)/).filter((entry) => entry.startsWith('  --'));
};

describe('docs/restarts.md', () => {
  it('has the options of the job, with their defaults', () => {
    const entries = optionsInHelp();
    const names = entries.map((entry) => /^ {2}(--[\w-]+(?: <\w+>)?)/.exec(entry)?.[1]);
    expect(names).toContain('--plan <file>');
    expect(namesUnder(page, 'Options')).toEqual(names);
    const documented = defaultsUnder('Options');
    for (const [index, entry] of entries.entries()) {
      const preset = /\(default:\s+"([^"]+)"\)/.exec(entry)?.[1];
      if (preset === undefined) continue;
      const name = names[index] ?? '';
      expect([name, codeOf(documented[name])]).toEqual([name, preset]);
    }
  });

  it('has the keys of the strategy, with their defaults', () => {
    const properties = propertiesAt('restarts.[].strategy');
    const documented = defaultsUnder('Strategy');
    expect(Object.keys(documented)).toEqual(Object.keys(properties));
    for (const [key, { default: preset }] of Object.entries(properties)) {
      const cell = documented[key];
      expect([key, cell && textOf(cell)]).toEqual([key, expect.stringMatching(/./)]);
      if (preset !== undefined) expect([key, codeOf(cell)]).toEqual([key, String(preset)]);
    }
  });

  it('has the kinds of gates, with their timeouts', () => {
    const gates = propertiesAt('restarts.[].strategy.waves.[].gates.[]');
    const timeouts = Object.entries(gates).map(
      ([kind, { properties }]) => [kind, properties?.['timeout']?.default] as const,
    );
    const documented = Object.entries(defaultsUnder('Gates'));
    expect(documented.map(([kind, cell]) => [kind, codeOf(cell)])).toEqual(timeouts);
  });
});
