import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exampleText } from '../charts/support/examples.ts';
import { inTemporaryFolderAsync } from '../charts/support/folders.ts';
import { changed } from '../fleet/support.ts';
import { run } from './support/run.ts';

const kiam = exampleText('seed-002');
const moved = (more: string, to = 'irsa') =>
  changed('podIdentity: kiam\n', `podIdentity: ${to}\n${more}`, kiam);
const open = '    migratingFrom: kiam\n';
const seed = exampleText('seed-000');
const third = changed('-decryption-processor]', '-decryption-processor, third]', seed);

/** How synth says to go through its list, where the output was that of `before`. */
async function orderOf(before: string, after: string, ...more: readonly string[]) {
  let found = { said: false, data: undefined as unknown };
  await inTemporaryFolderAsync(async (folder) => {
    const [fleet, dist] = [join(folder, 'fleet.yaml'), join(folder, 'dist')];
    const synth = async (text: string, ...argv: readonly string[]) => {
      writeFileSync(fleet, text);
      const answer = await run(['synth', fleet, '-d', dist, ...argv]);
      expect(answer.code).toBe(0);
      return answer;
    };
    await synth(before);
    const said = (await synth(after, ...more)).stderr.includes('go through this list from its end');
    await synth(before, '--format', 'manifests');
    const { stdout } = await synth(after, '-o', 'json', ...more);
    found = { said, data: (JSON.parse(stdout) as { applyFromEnd: unknown }).applyFromEnd };
  });
  expect(found.data).toBe(found.said);
  return found.said;
}

describe('synth says to apply from the end of its list', () => {
  it.each([
    ['a move that closes', moved(open), moved('')],
    [
      'the same, to EKS Pod Identity',
      moved(open, 'eks-pod-identity'),
      moved('', 'eks-pod-identity'),
    ],
    ['a workload that is restarted no more', third, seed],
  ])('where nothing is made, and access goes: %s', async (_, before, after) => {
    expect(await orderOf(before, after)).toBe(true);
  });

  it.each([
    ['a restart by another name', seed, changed('name: after-key-creation', 'name: other', seed)],
    [
      'the same with a workload less',
      third,
      changed('name: after-key-creation', 'name: other', seed),
    ],
    ['a move that opens', kiam, moved(open)],
    ['a move at once', kiam, moved('')],
    ['nothing that changes', seed, seed],
    ['another schedule', seed, changed("'15 2 * * 1'", "'15 3 * * 1'", seed)],
    ['another workload', seed, changed(', sts-js-avro-decryption-processor]', ', other]', seed)],
    ['a workload more', seed, third],
  ])('and not else: %s', async (_, before, after) => {
    expect(await orderOf(before, after)).toBe(false);
  });

  it('nor with another form, which changes only who delivers', async () => {
    expect(await orderOf(third, seed, '--format', 'helm')).toBe(false);
  });
});
