import { describe, expect, it } from '@jest/globals';
import { components, versionOf, type ComponentName } from '../controlplane/components.ts';
import { binary } from './support/binaries.ts';
import { mustRun } from './support/command.ts';

/** How each program tells its version; of the others it stands in the build alone. */
const asks: Readonly<Partial<Record<ComponentName, readonly string[]>>> = {
  'kube-apiserver': ['--version'],
  'kube-controller-manager': ['--version'],
  'kube-scheduler': ['--version'],
  kubectl: ['version', '--client'],
  etcd: ['--version'],
};

describe('what is built is what go.mod pins', () => {
  it.each(components.filter(({ name }) => name in asks))('$name', async (component) => {
    const said = await mustRun(binary(component.name), asks[component.name] ?? []);
    expect(said).toContain(versionOf(component).replace('v', ''));
  });
});

it.todo('helm lint, template and install: there is no chart yet');
