import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const root = new URL('../../', import.meta.url).pathname;
const page = readFileSync(`${root}docs/simulator.md`, 'utf8');
const section = /\n## What proves it\n(.*?)\n## /s.exec(page)?.[1] ?? '';
const cases = [...section.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const contract = globSync('test/contract/**/*.ts', { cwd: root })
  .map((file) => readFileSync(root + file, 'utf8'))
  .join('\n');

it.each(cases)('docs/simulator.md names a case of the contract: %s', (name) => {
  expect(contract).toContain(`'${name}'`);
});

it('docs/simulator.md names cases', () => {
  expect(cases.length).toBeGreaterThan(20);
});
