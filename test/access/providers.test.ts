import { expect, it } from '@jest/globals';
import { golf, graphWith, hub, one } from './support/parts.ts';

const oneHop = { irsa: { hops: 1 } };
const reach = [{ clusters: ['golf'] }];
const policies = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }];

it.each([
  [undefined, { '000000000001': 'rollcall', '000000000002': 'rollcall' }],
  [true, { '000000000001': 'existing', '000000000002': 'rollcall' }],
  [['golf'], { '000000000001': 'rollcall', '000000000002': 'existing' }],
  [['ours', 'golf'], { '000000000001': 'existing', '000000000002': 'existing' }],
])('the providers of one hop, existing: %j', (existingOidcProvider, expected) => {
  const { providers } = graphWith({
    clusters: [
      { ...hub, ...(existingOidcProvider === undefined ? {} : { existingOidcProvider }) },
      golf,
    ],
    services: [{ ...one, podIdentity: oneHop, reach, policies }],
  });
  expect(
    Object.fromEntries(providers.map(({ account, ownership }) => [account, ownership])),
  ).toEqual(expected);
});
