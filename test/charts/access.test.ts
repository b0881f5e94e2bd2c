import { describe, expect, it } from '@jest/globals';
import { compareAccess } from '../../charts/compare-access.ts';
import { examples, exampleText, treeOf } from './support/examples.ts';

const lines = (text: string) =>
  treeOf(text).access.map(({ who, to, what }) => `${who} -> ${to}: ${what}`);

const seed = exampleText('seed-000');
const people = exampleText('seed-004');

describe('the list of accesses', () => {
  it('has each hop of a chain, and each right at its end', () => {
    expect(lines(seed)).toEqual(
      expect.arrayContaining([
        'ci sts/key-restarter -> arn:aws:iam::903716715040:role/eks-key-restarter-prd: irsa',
        'arn:aws:iam::903716715040:role/eks-key-restarter-prd -> arn:aws:iam::508208880112:role/sts-prd-js-encryption-role: assume',
        'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role -> golf-prd: as sts',
        'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role -> golf-prd: as sts: get, patch apps/deployments sts/sts-js-avro-encryption-processor',
        'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role -> golf-prd: as sts: list, watch apps/deployments sts/*',
      ]),
    );
  });

  it('has people with their groups, rights and access policies', () => {
    expect(lines(people)).toEqual(
      expect.arrayContaining([
        'arn:aws:iam::555555555555:user/ada -> arn:aws:iam::555555555555:role/eks-developers: assume, by MFA',
        'arn:aws:iam::555555555555:user/admin -> prod: as admin in system:masters',
        'arn:aws:iam::555555555556:role/auditors -> dev: as auditors: AmazonEKSViewPolicy in the whole cluster',
        'arn:aws:iam::555555555556:role/deploy-watcher -> dev: as deploy-watcher: get, list, watch apps/deployments in webservice-01',
        'arn:aws:iam::555555555555:role/eks-developers -> prod: as developers:{{SessionName}}: edit in webservice-01',
      ]),
    );
  });

  it('has every way to an identity', () => {
    const ways = new Set(treeOf(exampleText('identities')).access.map(({ what }) => what));
    for (const way of ['irsa', 'eks-pod-identity', 'kiam', 'kube2iam']) expect(ways).toContain(way);
  });

  it.each(examples)('of %s has each once, and every pod, mapping and grant in it', (name) => {
    const tree = treeOf(exampleText(name));
    expect(new Set(lines(exampleText(name))).size).toBe(tree.access.length);
    const text = lines(exampleText(name)).join('\n');
    for (const { what } of tree.units) {
      const [, arn] = /^aws-auth (.*)$/.exec(what) ?? [];
      if (arn !== undefined) expect(text).toContain(`${arn} -> `);
      const [, entry] = /access-entry\/[^:]*: (arn:\S+)$/.exec(what) ?? [];
      if (entry !== undefined) expect(text).toContain(`${entry} -> `);
    }
  });
});

describe('what changes of it', () => {
  const changes = (from: string, to: string, text = seed) => {
    expect(text).toContain(from);
    const { added, removed, unchanged } = compareAccess(
      treeOf(text).access,
      treeOf(text.replace(from, to)).access,
    );
    return {
      added: added.map(({ what }) => what),
      removed: removed.map(({ what }) => what),
      unchanged,
    };
  };

  it('is nothing where a schedule changes', () => {
    const { added, removed, unchanged } = changes("'15 2 * * 1'", "'15 3 * * 1'");
    expect([added, removed, unchanged]).toEqual([[], [], treeOf(seed).access.length]);
  });

  it('is a line for each workload more', () => {
    const { added, removed } = changes(', sts-js-avro-decryption-processor]', ', other]');
    const right = (name: string, user: string) =>
      `as ${user}: get, patch apps/deployments sts/${name}`;
    const users = ['rollcall:grada:key-restarter-prd', 'sts', 'sts'];
    expect(added).toEqual(users.map((user) => right('other', user)));
    expect(removed).toEqual(users.map((user) => right('sts-js-avro-decryption-processor', user)));
  });

  it('is a group more, and a second factor less', () => {
    expect(
      changes('groups: [system:masters]', 'groups: [system:masters, other]', people),
    ).toMatchObject({
      added: ['as admin in system:masters, other'],
      removed: ['as admin in system:masters'],
    });
  });
});
