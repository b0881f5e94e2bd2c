import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { manifestYaml, manifestsYaml, rememberedYaml } from '../../charts/manifest-yaml.ts';

/** What Kubernetes' parser takes for line breaks, or refuses. */
const breaks = /[\u0085\u2028\u2029\ufeff\0-\x08\x0b-\x1f\x7f]/;

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\u0085',
        '\u2028',
        '\u2029',
        '\ufeff',
        '\n',
        ' ',
        '"',
        "'",
        '\\',
        ': ',
        '# ',
        'on',
      ),
    )
    .map((parts) => parts.join('')),
);
const object = fc.dictionary(text, fc.oneof(text, fc.array(text), fc.dictionary(text, text)));

describe('a manifest', () => {
  it.each(['1.1', '1.2'] as const)('is read by YAML %s as it was meant', (version) => {
    fc.assert(
      fc.property(object, (one) => {
        const written = manifestYaml(one);
        expect(written).not.toMatch(breaks);
        expect(parse(written, { version })).toEqual({ ...one });
      }),
    );
  });

  it('is the same where it is written once for many', () => {
    fc.assert(
      fc.property(fc.array(object), (all) => {
        expect(manifestsYaml([...all, ...all], rememberedYaml())).toBe(
          manifestsYaml([...all, ...all]),
        );
      }),
    );
  });
});
