import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import * as markdown from 'prettier/plugins/markdown';
import { format } from 'prettier/standalone';
import { helmSections } from './helm-values.ts';
import { root } from './markdown.ts';

const file = `${root}docs/helm.md`;

/** The document with what is generated in place of what stands under its headings. */
async function current(): Promise<string> {
  const text = helmSections().reduce(
    (before, { heading, text: own }) => {
      const under = new RegExp(`(\\n#+ ${heading}\\n)(?:(?!\\n#)[^])*`);
      if (!under.test(before)) throw new Error(`docs/helm.md has no heading ${heading}`);
      return before.replace(under, (_, head: string) => `${head}\n${own}\n`);
    },
    readFileSync(file, 'utf8'),
  );
  return format(text, { parser: 'markdown', plugins: [markdown], printWidth: 100 });
}

/** UPDATE_DOCS=1 writes it. */
it('docs/helm.md has the values of the charts', async () => {
  const text = await current();
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
