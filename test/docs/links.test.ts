import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { anchorsOf, readPages, root, type Page } from './markdown.ts';

const pages = await readPages();
const anchors = new Map(pages.map((page) => [page.file, anchorsOf(page)]));

/** What is wrong with a link, or nothing. */
function problemOf(page: Page, url: string): string | undefined {
  if (/^(?:https?:|mailto:)/.test(url)) return undefined;
  const [path = '', anchor] = url.split('#');
  const file = path === '' ? page.file : posix.join(dirname(page.file), decodeURIComponent(path));
  if (file.startsWith('..') || path.startsWith('/')) return 'leads out of the project';
  if (!existsSync(`${root}${file}`)) return 'no such file';
  if (anchor === undefined) return undefined;
  return anchors.get(file)?.includes(anchor) === true ? undefined : 'no such heading';
}

describe('relative links', () => {
  it('are looked for in all documents', () => {
    expect([...anchors.keys()]).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/restarts.md',
        'docs/decisions/0001-a-run-is-an-instant.md',
      ]),
    );
  });

  it.each(pages.map((page) => [page.file, page] as const))('of %s lead somewhere', (_, page) => {
    const broken = page.nodes.flatMap(({ url }) => {
      const problem = url === undefined ? undefined : problemOf(page, url);
      return problem === undefined ? [] : [`${url ?? ''}: ${problem}`];
    });
    expect(broken).toEqual([]);
  });
});
