import { describe, expect, it } from '@jest/globals';
import { compareOutputs } from '../../charts/compare.ts';
import type { OutputFile } from '../../src/iam/render.ts';
import { exampleText, outputOf } from './support/examples.ts';

const text = exampleText('seed-000');
const output = outputOf(text);
const shown = (before: readonly OutputFile[], after: readonly OutputFile[]) =>
  compareOutputs(before, after).map(({ change, where, what }) => `${change} ${where}: ${what}`);

describe('compareOutputs', () => {
  it('sees no change between equal outputs, however they are ordered', () => {
    expect(shown(output, output.toReversed())).toEqual([]);
  });

  it('sees all as added where there was nothing, and all as removed the other way round', () => {
    const added = shown([], output);
    expect(added).toContain('added ci: CronJob sts/after-key-creation');
    expect(added).toContain('added ci: Namespace sts');
    expect(added).toContain(
      'added golf-prd: aws-auth arn:aws:iam::508208880112:role/sts-prd-js-encryption-role',
    );
    expect(added).toContain(
      'added iam: 508208880112/sts-prd-js-encryption-role/trust-statements-to-add.json',
    );
    expect(added.every((line) => line.startsWith('added '))).toBe(true);
    expect(shown(output, []).map((line) => line.replace('removed', 'added'))).toEqual(added);
  });

  it('names what one edit of the fleet file changes', () => {
    const edited = text.replace("'15 2 * * 1'", "'15 3 * * 1'");
    expect(shown(output, outputOf(edited))).toEqual(['changed ci: CronJob sts/after-key-creation']);
    const fewer = text.replace(', sts-js-avro-decryption-processor]', ']');
    expect(shown(output, outputOf(fewer))).toEqual([
      'changed ci: ConfigMap sts/after-key-creation-plan',
      'changed golf-dev: Role sts/rollcall:grada:key-restarter',
      'changed golf-pp: Role sts/rollcall:grada:key-restarter',
      'changed golf-prd: Role sts/rollcall:grada:key-restarter',
    ]);
  });

  it.each(['not: [yaml', '- a list', 'null', '', 'kind: Role', '&a [*a, *a]', 'a: *nowhere'])(
    'takes an old file that holds %j as one whole',
    (broken) => {
      const before = output.map((file) =>
        /^_iam/.test(file.path) ? file : { ...file, text: broken },
      );
      const changes = shown(before, output);
      expect(changes).toContain('added ci: CronJob sts/after-key-creation');
      expect(changes.filter((line) => line.startsWith('changed'))).toEqual([]);
      const removed = changes.filter((line) => line.startsWith('removed'));
      for (const line of removed) expect(line).toMatch(/: unreadable file /);
    },
  );
});
