import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { compareUnits } from '../../charts/compare.ts';
import type { Output } from '../../charts/output.ts';
import { outputFormats } from '../../charts/output-format.ts';
import { removals } from '../../charts/removals.ts';
import { exampleText, treeOf } from './support/examples.ts';
import { outputWith } from './support/folders.ts';

const text = exampleText('seed-000');
const output = treeOf(text);
const nothing = outputWith({});
const shown = (before: Output, after: Output) =>
  compareUnits(before.units, after.units).map(
    ({ change, where, what }) => `${change} ${where}: ${what}`,
  );

describe('compareUnits', () => {
  it('sees no change between equal outputs, however they are ordered', () => {
    const reversed = { ...output, units: output.units.toReversed() };
    expect(shown(output, reversed)).toEqual([]);
  });

  it('sees all as added where there was nothing, and all as removed the other way round', () => {
    const added = shown(nothing, output);
    expect(added).toContain('added ci: CronJob sts/after-key-creation');
    expect(added).toContain('added ci: Namespace sts');
    expect(added).toContain(
      'added golf-prd: aws-auth arn:aws:iam::508208880112:role/sts-prd-js-encryption-role',
    );
    expect(added).toContain(
      'added iam: 508208880112/sts-prd-js-encryption-role/trust-statements-to-add.json: RollcallGradaTrustsEksKeyRestarterPrd',
    );
    expect(added.every((line) => line.startsWith('added '))).toBe(true);
    expect(shown(output, nothing).map((line) => line.replace('removed', 'added'))).toEqual(added);
  });

  it('names what one edit of the fleet file changes', () => {
    const edited = text.replace("'15 2 * * 1'", "'15 3 * * 1'");
    expect(shown(output, treeOf(edited))).toEqual(['changed ci: CronJob sts/after-key-creation']);
    const fewer = text.replace(', sts-js-avro-decryption-processor]', ']');
    expect(shown(output, treeOf(fewer))).toEqual([
      'changed ci: ConfigMap sts/after-key-creation-plan',
      'changed golf-dev: Role sts/rollcall:grada:key-restarter',
      'changed golf-pp: Role sts/rollcall:grada:key-restarter',
      'changed golf-prd: Role sts/rollcall:grada:key-restarter',
    ]);
  });

  it('names each way in by whom it lets in, and what is not applied not at all', () => {
    const added = shown(nothing, treeOf(exampleText('seed-004')));
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
      return shown(treeOf(people), treeOf(people.replace(from, to)));
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
    const output = treeOf(theirs);
    const added = shown(nothing, output);
    expect(added).toContain(
      'added opsfleet-test: annotation iam.amazonaws.com/permitted of Namespace test-s3',
    );
    expect(added).not.toContain('added opsfleet-test: Namespace test-s3');
    const file = output.files.find(({ path }) => path === '_namespaces/opsfleet-test.yaml');
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

  it.each(outputFormats)('what is applied is the same in %s as in manifests', (format) => {
    const delivered = `${text}delivery: { git: { url: 'https://git.example.com/fleet.git' } }\n`;
    const [manifests, other] = [treeOf(delivered), treeOf(delivered, format)];
    expect(other.format).toBe(format);
    const applied = shown(manifests, other).filter(
      (one) => !/: (?:delivery by|account) /.test(one),
    );
    expect(applied).toEqual([]);
    const isFlux = ({ who }: { readonly who: string }) => / flux-system\/rollcall-/.test(who);
    expect(other.access.some(isFlux)).toBe(format === 'flux');
    expect(other.access.filter((one) => !isFlux(one))).toEqual(manifests.access);
  });

  it('what Flux installs and how it delivers is seen with the rest, in its form alone', () => {
    const asked = (infrastructure: string) =>
      text.replace(/^( +)- name: golf-prd\n/m, `$&$1  infrastructure: ${infrastructure}\n`);
    const [none, calico] = [asked('{}'), asked('{ calico: install }')];
    expect(shown(treeOf(none, 'flux'), treeOf(calico, 'flux'))).toEqual([
      'changed golf-prd: delivery by Flux',
      'added golf-prd: infrastructure calico',
    ]);
    expect(shown(treeOf(none), treeOf(calico))).toEqual([]);
    expect(shown(treeOf(none), treeOf(none, 'flux')).every((one) => one.includes('added'))).toBe(
      true,
    );
    const removed = removals(
      compareUnits(treeOf(calico, 'flux').units, treeOf(none, 'flux').units),
      [],
      [],
    );
    expect(removed).toMatchObject([{ what: 'infrastructure calico' }]);
    expect(removed[0]?.how).toMatch(/^it stays: .*kubectl delete helmrelease/);
  });
});
