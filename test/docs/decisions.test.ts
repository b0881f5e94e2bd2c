import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { markdownFiles, readPage, root, textOf } from './markdown.ts';

const files = markdownFiles().filter((file) => file.startsWith('docs/decisions/'));

it('are numbered without a gap', () => {
  const numbers = files.map((file) => Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]));
  expect(numbers).toEqual(files.map((_, index) => index + 1));
});

it.each(files)('%s has a context, a decision and consequences, on a page', async (file) => {
  const { nodes } = await readPage(file);
  const headings = nodes.filter(({ type }) => type === 'heading').map(textOf);
  expect(headings[0]).toMatch(new RegExp(`^${file.slice('docs/decisions/'.length).slice(0, 4)}: `));
  expect(headings.slice(1)).toEqual(['Context', 'Decision', 'Consequences']);
  expect(readFileSync(`${root}${file}`, 'utf8').split(/\s+/).length).toBeLessThan(450);
});
