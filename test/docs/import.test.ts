import { expect, it } from '@jest/globals';
import { importExitCodes } from '../../src/cli/import/exit-codes.ts';
import { refreshable } from '../../src/import/drift.ts';
import { questions } from '../../src/init/questions.ts';
import { codeBlocks, namesUnder, readPage } from './markdown.ts';

const page = await readPage('docs/import.md');

it('docs/import.md explains every exit code', () => {
  const codes = Object.values(importExitCodes).map(String);
  expect(namesUnder(page, 'In a pipeline')).toEqual(codes);
});

it('docs/import.md names every fact that can be refreshed', () => {
  const named = page.nodes.filter(({ type }) => type === 'inlineCode').map(({ value }) => value);
  expect(named).toEqual(expect.arrayContaining([...refreshable]));
});

it('docs/import.md shows every question, in order', () => {
  const [transcript = ''] = codeBlocks(page, 'text');
  const places = questions.map(({ text }) => transcript.indexOf(`\n${text}`));
  expect(places.slice(1)).not.toContain(-1);
  expect(places.slice(1)).toEqual(places.slice(1).sort((a, b) => a - b));
  expect(transcript).toContain(questions[0]?.text);
});
