import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exampleText } from '../charts/support/examples.ts';
import { inTemporaryFolderAsync } from '../charts/support/folders.ts';
import { run } from './support/run.ts';

const kiam = exampleText('seed-002');
const agents = kiam.slice(kiam.indexOf('    agents:'), kiam.indexOf('services:'));
const kube2iam = kiam
  .replace('podIdentity: kiam', 'podIdentity: kube2iam')
  .replace(agents, '    agents: {kube2iam: {nodeRoles: [nodes], format: regexp}}\n');
const moved = (text: string, more: string, to = 'irsa') =>
  text.replace(/podIdentity: \w+\n/, `podIdentity: ${to}\n${more}`);
const open = '    migratingFrom: kiam\n';
const oneHop = '{irsa: {hops: 1}}';
// Nothing of the service's own: its own role then trusts nobody by IRSA.
const reaching = `${kiam.slice(0, kiam.indexOf('    s3Check'))}    reach: [{clusters: [opsfleet-test], role: other}]\n`;
const ofOthers = (text: string) =>
  text.replace('namespace: test-s3\n', 'namespace: test-s3\n    existingNamespace: true\n');

/** What plan says on stderr of `after`, where the output is that of `before`. */
const notesOf = async (before: string, after: string): Promise<string> => {
  let notes = '';
  await inTemporaryFolderAsync(async (folder) => {
    const [fleet, dist] = [join(folder, 'fleet.yaml'), join(folder, 'dist')];
    writeFileSync(fleet, before);
    expect((await run(['synth', fleet, '-d', dist])).code).toBe(0);
    writeFileSync(fleet, after);
    const { code, stderr } = await run(['plan', fleet, '-d', dist]);
    expect(code).toBe(0);
    notes = stderr;
    const { stdout } = await run(['plan', fleet, '-d', dist, '-o', 'json']);
    const { suddenMoves } = JSON.parse(stdout) as { suddenMoves: readonly unknown[] };
    expect(suddenMoves).toHaveLength(stderr.split(' at once: ').length - 1);
  });
  return notes;
};

describe('plan of a service that leaves its agent', () => {
  it.each([
    ['kiam', kiam],
    ['kube2iam', kube2iam],
    ['kiam', ofOthers(kiam)],
    ['kiam', reaching, 'irsa', oneHop],
    ['kiam', kiam, 'eks-pod-identity'],
  ])(
    '%s at once: says what keeps running pods their role',
    async (from, text, to = 'irsa', form = to) => {
      const notes = await notesOf(text, moved(text, '', form));
      expect(notes).toContain(`\nservice test-s3 goes from ${from} to ${to} at once: `);
      expect(notes).toContain(`migratingFrom: ${from}`);
    },
  );

  it.each([
    ['by migratingFrom', kiam, moved(kiam, '    migratingFrom: kiam\n')],
    ['not at all', kiam, kiam],
    ['by a move that closes', moved(kiam, open), moved(kiam, '')],
    ['the same, by one hop', moved(reaching, open, oneHop), moved(reaching, '', oneHop)],
    [
      'the same, to EKS Pod Identity',
      moved(kiam, open, 'eks-pod-identity'),
      moved(kiam, '', 'eks-pod-identity'),
    ],
    ['as another role', kiam, moved(kiam, '').replace("'{service}'", "'{service}-new'")],
    [
      'when its namespace had another’s role',
      kiam.replace('{service}', '{service}-2'),
      moved(kiam, ''),
    ],
  ])('%s: says nothing', async (_, before, after) => {
    expect(await notesOf(before, after)).not.toContain('at once');
  });
});
