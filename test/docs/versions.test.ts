import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { components, versionOf } from '../controlplane/components.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const proof = /\n## Proof\n(.*?)\n## /s.exec(readme)?.[1] ?? '';

it('the README names the programs and versions that the e2e tests run on', () => {
  const named = new Set(proof.match(/\bv\d+\.\d+\.\d+\b/g));
  expect(named).toEqual(new Set(components.map(versionOf)));
  for (const { name } of components) expect(proof).toContain(name);
});
