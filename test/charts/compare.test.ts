import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
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
      'added iam: 508208880112/sts-prd-js-encryption-role/trust-statements-to-add.json: RollcallGradaTrustsEksKeyRestarterPrd',
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

  it('names each way in by whom it lets in, and what is not applied not at all', () => {
    const added = shown([], outputOf(exampleText('seed-004')));
    for (const line of [
      'added prod: aws-auth arn:aws:iam::555555555555:user/admin',
      'added prod: aws-auth arn:aws:iam::555555555555:role/eks-developers',
      'added iam: 555555555556/access-entry/dev: arn:aws:iam::555555555556:role/auditors',
      'added dev: Role webservice-01/rollcall:iam-eks:deploy-watcher:rollouts',
      'added prod: ClusterRoleBinding rollcall:iam-eks:developers:view',
    ]) {
      expect(added).toContain(line);
    }
    expect(added.filter((line) => /apply-order|_checks|README/.test(line))).toEqual([]);
    expect(new Set(added).size).toBe(added.length);
  });

  it('sees what one edit of a user or of an identity changes', () => {
    const people = exampleText('seed-004');
    const of = (from: string, to: string) => {
      expect(people).toContain(from);
      return shown(outputOf(people), outputOf(people.replace(from, to)));
    };
    expect(of('groups: [system:masters]', 'groups: [system:masters, other]')).toEqual([
      'changed prod: aws-auth arn:aws:iam::555555555555:user/admin',
    ]);
    expect(of('AmazonEKSViewPolicy', 'AmazonEKSEditPolicy')).toEqual([
      'added iam: 555555555556/access-entry/dev: arn:aws:iam::555555555556:role/auditors: AmazonEKSEditPolicy',
      'removed iam: 555555555556/access-entry/dev: arn:aws:iam::555555555556:role/auditors: AmazonEKSViewPolicy',
    ]);
    expect(of('sessionDuration: 4h', 'sessionDuration: 5h')).toEqual([
      'changed iam: 555555555555/eks-developers/trust-policy.json',
      'changed iam: 555555555556/eks-developers/trust-policy.json',
    ]);
  });

  it('a namespace of someone else’s is annotated, and nothing of it is ours', () => {
    const theirs = exampleText('seed-002').replace(
      'namespace: test-s3\n',
      'namespace: test-s3\n    existingNamespace: true\n',
    );
    const output = outputOf(theirs);
    const added = shown([], output);
    expect(added).toContain(
      'added opsfleet-test: annotation iam.amazonaws.com/permitted of Namespace test-s3',
    );
    expect(added).not.toContain('added opsfleet-test: Namespace test-s3');
    const file = output.find(({ path }) => path === '_namespaces/opsfleet-test.yaml');
    expect(parse(file?.text ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'test-s3',
        annotations: {
          'iam.amazonaws.com/permitted': '^(?:arn:aws:iam::222233334444:role/test-s3)$',
        },
      },
    });
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
