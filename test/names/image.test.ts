import { expect, it } from '@jest/globals';
import { imageParts, isImageReference } from '../../src/names/image.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const parts = [
  ['a', undefined, undefined],
  ['registry.example.com:5000/team/image', undefined, undefined],
  ['registry.example.com:5000/team/image', 'v1.2_3-x', undefined],
  ['localhost/a__b', undefined, digest],
  ['[::1]:5000/a.b/c--d', '0.1.0', digest],
] as const;

it.each(parts)('%s, %s and %s are parts of one reference', (repository, tag, own) => {
  const text = [repository, tag && `:${tag}`, own && `@${own}`].join('');
  expect(isImageReference(text)).toBe(true);
  expect(imageParts(text)).toEqual({
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(own === undefined ? {} : { digest: own }),
  });
});

it('what is no reference has no parts', () => {
  for (const text of ['', 'a/B:c', 'a:b:c', 'a@b', `a/${'b'.repeat(600)}`]) {
    expect(() => imageParts(text)).toThrow('no image reference');
  }
});
