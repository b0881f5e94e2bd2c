import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { journeySteps, needsNothing, nowhere, writeJourneyKubeconfig } from '../support/journey.ts';
import { patternOf, Shell } from '../support/transcript.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-journey-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const steps = (await journeySteps()).filter(needsNothing);
const KUBECONFIG = writeJourneyKubeconfig(folder, () => nowhere);
const shell = new Shell({ folder, environment: { KUBECONFIG } });

it('the README begins with what needs no cluster', () => {
  const commands = steps.flatMap(({ command }) => command.match(/^(?:rollcall )?\w+/gm) ?? []);
  expect(commands).toEqual([
    'rollcall init',
    'rollcall import',
    'sed',
    'rollcall plan',
    'rollcall synth',
  ]);
});

// The rest is tried in test/e2e/journey.test.ts. One step builds on the one before.
it.each(steps)('the README shows what this says: $command', async ({ command, output }) => {
  const said = await shell.run(command);
  if (output !== undefined) expect(said).toMatch(patternOf(output));
});

it.each([
  ['a\n…\nd', 'a\nb\nc\nd\n', true],
  ['a\n…\nd', 'a\nd\n', true],
  ['a\n…\nd', 'a\nb\n', false],
  ['a …', 'a (b)\n', true],
  ['a …', 'a b\nc\n', false],
  ['…', '', true],
  ['a.b', 'a.b\n', true],
  ['a.b', 'a-b\n', false],
])('what is shown as %j may be %j: %j', (shown, said, matches) => {
  expect(patternOf(shown).test(said)).toBe(matches);
});
