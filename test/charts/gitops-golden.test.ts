import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { renderArgoCd } from '../../charts/format-argocd.ts';
import { renderFlux } from '../../charts/format-flux.ts';
import { renderKustomize } from '../../charts/format-kustomize.ts';
import { walk } from '../../charts/output-folder.ts';
import type { OutputFile } from '../../src/iam/render.ts';
import { graphOf } from '../delivery/support.ts';
import { changed } from '../fleet/support.ts';
import { exampleText } from './support/examples.ts';

/** One example with an agent, a hub and a label, delivered in every way. */
const graph = graphOf(
  changed(
    'infrastructure: { cert-manager: existing }',
    'infrastructure: { cert-manager: install, calico: install, kube-prometheus-stack: existing }\n    labels: { env: test }',
    `${exampleText('seed-002')}
delivery:
  path: ./dist
  git: { url: 'ssh://git@git.example.com/team/fleet' }
  kustomize: { overlayLabels: [env] }
`,
  ),
);

const forms: readonly (readonly [form: string, files: readonly OutputFile[]])[] = [
  ['flux', renderFlux(graph)],
  ['argocd', renderArgoCd(graph)],
  ['kustomize', renderKustomize(graph)],
];

/** `UPDATE_GOLDEN=1` rewrites the folders: what changes is then reviewed as any other change. */
it.each(forms)('%s gives the output that was reviewed, to the byte', (form, files) => {
  const folder = fileURLToPath(new URL(`../golden/forms/${form}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN) {
    rmSync(folder, { recursive: true, force: true });
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
  expect([...walk(folder)].map(([path]) => path).sort()).toEqual(
    files.map(({ path }) => path).sort(),
  );
  for (const { path, text } of files) {
    expect({ path, text }).toEqual({ path, text: readFileSync(join(folder, path), 'utf8') });
  }
});
