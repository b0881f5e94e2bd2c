import { describe, expect, it } from '@jest/globals';
import { components, versionOf } from '../controlplane/components.ts';
import { binary } from './support/process/binaries.ts';
import { mustRun } from './support/process/command.ts';

describe('what is built is what go.mod pins', () => {
  it.each(components.filter(({ asks }) => asks))('$name', async (component) => {
    const said = await mustRun(binary(component.name), component.asks ?? []);
    expect(said).toContain(versionOf(component).replace('v', ''));
  });
});
