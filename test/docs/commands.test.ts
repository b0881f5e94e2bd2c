import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { runCli } from '../../src/cli/program.ts';
import { codeBlocks, readPages, root, type Page } from './markdown.ts';

const pages = await readPages();
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Lines of shell code, continued ones joined, and inline code. */
const snippetsOf = (page: Page): readonly string[] => [
  ...codeBlocks(page, 'sh', 'text').flatMap((block) =>
    block.replaceAll('\\\n', ' ').split(/\n|&&|\|/),
  ),
  ...page.nodes.filter(({ type }) => type === 'inlineCode').map(({ value = '' }) => value),
];

const snippets = pages.flatMap((page) =>
  snippetsOf(page).map((text) => ({ where: page.file, text: text.replace(/\s#.*$/, '').trim() })),
);

/** The scripts that are run: `npm run -s demo -- …`, `npm test`. */
const scriptCalls = snippets.flatMap(({ where, text }) => {
  const script = /^npm (?:run (?:-s )?([\w:-]+)|(test))\b/.exec(text);
  const name = script?.[1] ?? script?.[2];
  return name === undefined ? [] : [{ where, text, name }];
});

/** The arguments of each call of the command line, however it is called. */
const cliCalls = snippets.flatMap(({ where, text }) => {
  const call =
    /^(?:(?:npx )?rollcall|npm run (?:-s )?rollcall --|npm run (?:-s )?(demo) --) +(.+)$/.exec(
      text,
    );
  if (!call) return [];
  const words = [...(call[1] === undefined ? [] : [call[1]]), ...(call[2] ?? '').split(/\s+/)];
  return [{ where, text, words }];
});

async function helpOf(...command: readonly string[]): Promise<string> {
  let help = '';
  const stdout = (text: string): void => {
    help += text;
  };
  const io = {
    stdout,
    stderr: stdout,
    env: {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    now: () => 0,
  };
  expect(await runCli([...command, '--help'], io)).toBe(0);
  return help;
}

/** What the help says that a command takes: options by name, with their choices where it lists any. */
function optionsIn(help: string): ReadonlyMap<string, readonly string[]> {
  const options = new Map<string, readonly string[]>();
  const entries = help
    .slice(help.indexOf('Options:'))
    .split(/\n {2}(?=-)/)
    .slice(1);
  for (const entry of entries) {
    const [choices = ''] = (/\(choices: ([^)]*)/.exec(entry)?.[1] ?? '').split(/,\s+default:/);
    const values = [...choices.matchAll(/"([^"]+)"/g)].map(([, value = '']) => value);
    for (const [, name = ''] of (entry.split(/ {2}/)[0] ?? '').matchAll(/(?:^|, )(--?[\w-]+)/g)) {
      options.set(name, values);
    }
  }
  return options;
}

describe('npm scripts', () => {
  it('that a document names are in package.json', () => {
    expect(scriptCalls.length).toBeGreaterThan(10);
    const unknown = scriptCalls.filter(({ name }) => !Object.hasOwn(scripts, name));
    expect(unknown).toEqual([]);
  });
});

describe('the command line', () => {
  it('is read from its help', async () => {
    const demo = optionsIn(await helpOf('demo'));
    expect(demo.get('--break')).toContain('gitops-revert');
    expect(demo.get('-d')).toEqual([]);
    expect(optionsIn(await helpOf('plan')).get('-o')).toEqual(['table', 'json', 'yaml']);
  });

  it.each(cliCalls.map((call) => [`${call.where}: ${call.text}`, call.words] as const))(
    'has what is called in %s',
    async (_, words) => {
      const [command = '', ...others] = words;
      expect(await helpOf()).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
      const help = await helpOf(command);
      // A command of commands, such as aws-auth, named together with one of its own.
      const [inner = '', ...rest] = help.includes('\nCommands:') ? others : ['', ...others];
      if (inner !== '') expect(help).toMatch(new RegExp(`^  ${inner}\\b`, 'm'));
      const options = optionsIn(inner === '' ? help : await helpOf(command, inner));
      const known = [...options.keys()];
      for (const [index, word] of rest.entries()) {
        if (!word.startsWith('-')) continue;
        const [option = '', joined] = word.split('=');
        expect(known).toContain(option);
        const choices = options.get(option) ?? [];
        const values = (joined ?? rest[index + 1] ?? '')
          .split('|')
          .filter((one) => /^[a-z]/.test(one));
        if (choices.length > 0) expect(choices).toEqual(expect.arrayContaining(values));
      }
    },
  );
});
