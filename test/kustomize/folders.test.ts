import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { posix } from 'node:path';
import { overlay } from '../../src/kustomize/folders.ts';

const text = fc.stringMatching(/^[a-z]([a-z0-9.-]{0,6}[a-z0-9])?$/);

it('an overlay names its base, and beside the output folder a component for each label that is asked for', () => {
  fc.assert(
    fc.property(
      text,
      fc.dictionary(text, fc.oneof(text, fc.constant('')), { maxKeys: 4 }),
      fc.uniqueArray(text, { maxLength: 4 }),
      fc.constantFrom('components', 'own/parts'),
      (name, labels, more, components) => {
        const overlayLabels = [...Object.keys(labels).slice(0, 2), ...more];
        const made = overlay({ name, labels }, { overlayLabels, components });
        const at = (path: string) => posix.join('dist/overlays', name, path);
        expect(made.resources.map(at)).toEqual([`dist/base/${name}`]);
        const expected = Object.entries(labels)
          .filter(([key, value]) => overlayLabels.includes(key) && value !== '')
          .map(([key, value]) => `${components}/${key}-${value}`);
        expect((made.components ?? []).map(at).sort()).toEqual(expected.sort());
      },
    ),
  );
});

it('nothing is named that was not asked for: kustomize fails on what is missing', () => {
  expect(
    overlay({ name: 'a', labels: { env: 'prd' } }, { overlayLabels: [], components: 'c' }),
  ).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['../../base/a'],
  });
});
