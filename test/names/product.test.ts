import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { product } from '../../src/names/product.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { name, version } = JSON.parse(read('package.json')) as { name: string; version: string };

it('generated objects name the package and its version', () => {
  expect(product).toEqual({ name, version });
});

it('the job, which shares no code with the generator, has the same version', () => {
  const declared = [
    ...read('jobs/restart/version.ts').matchAll(/^export const version = '(.*)';$/gm),
  ];
  expect(declared.map(([, one]) => one)).toEqual([version]);
});
