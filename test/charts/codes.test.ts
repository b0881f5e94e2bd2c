import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { hubCodes, importCodes, initCodes, userCodes } from '../../charts/user-error.ts';
import { accessCodes } from '../../src/access/codes.ts';
import { findingCodes } from '../../src/access/findings.ts';
import { awsAuthCodes } from '../../src/aws-auth/codes.ts';
import { constructCodes } from '../../src/constructs/codes.ts';
import { iamCodes } from '../../src/iam/codes.ts';
import { planCodes } from '../../src/plan/codes.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

it.each([
  ['access', accessCodes],
  ['finding', findingCodes],
  ['iam', iamCodes],
  ['plan', planCodes],
  ['construct', constructCodes],
  ['cli', userCodes],
  ['import', importCodes],
  ['init', initCodes],
  ['hub', hubCodes],
  ['aws-auth', awsAuthCodes],
])('every code of %s is explained in docs/errors.md, and no other', (area, codes) => {
  const explained = [...page.matchAll(/^\| `([a-z-]+)\/([a-z-]+)` +\|/gm)]
    .filter(([, prefix]) => prefix === area)
    .map(([, prefix, name]) => `${prefix}/${name}`);
  expect(explained).toEqual([...codes]);
});
