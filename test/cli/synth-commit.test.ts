import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exampleText } from '../charts/support/examples.ts';
import { inTemporaryFolderAsync } from '../charts/support/folders.ts';
import { run } from './support/run.ts';

describe('synth', () => {
  it.each([
    [
      'flux',
      'as fleet/dist in ssh://git@example.com/team; of each cluster Flux applies fleet/dist/clusters/NAME: ',
    ],
    [
      'argocd',
      'as fleet/dist in ssh://git@example.com/team, then apply its argocd/ where Argo CD runs, in the namespace argocd; it applies to: ',
    ],
  ])('by %s, it says what is committed where', (form, expected) =>
    inTemporaryFolderAsync(async (folder) => {
      const file = join(folder, 'fleet.yaml');
      const asked = { git: { url: 'ssh://git@example.com/team' }, path: 'fleet/dist' };
      writeFileSync(file, `${exampleText('seed-000')}delivery: ${JSON.stringify(asked)}\n`);
      const argv = ['synth', file, '-d', join(folder, 'dist'), '--format', form];
      const { stderr } = await run(argv);
      expect(stderr).toContain(`and commit the folder ${expected}`);
      expect(
        /then make the Secret rollcall-deploy-key in the namespace flux-system/.test(stderr),
      ).toBe(form === 'flux');
    }),
  );
});
