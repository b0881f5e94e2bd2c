import { describe, expect, it } from '@jest/globals';
import { entryOfAnother, type FleetEntrants } from '../../src/aws-auth/elsewhere.ts';

const accounts = { dev: '111122223333', prd: '508208880112', hub: '903716715040' } as const;
const role = (account: keyof typeof accounts, name = `sts-${account}`): string =>
  `arn:aws:iam::${accounts[account]}:role/${name}`;
const admin = role('hub', 'admin');
const user = 'arn:aws:iam::555555555555:user/ada';

/** Two clusters in the account dev; people come along to prd and dev. */
const fleet: FleetEntrants = {
  clusters: [
    { cluster: 'hub', account: accounts.hub, entrants: [{ arn: admin, username: 'admin' }] },
    {
      cluster: 'prd',
      account: accounts.prd,
      entrants: [{ arn: role('prd'), username: 'sts' }],
    },
    {
      cluster: 'dev',
      account: accounts.dev,
      entrants: [
        { arn: role('dev'), username: 'sts-dev' },
        { arn: user, username: 'ada' },
      ],
    },
    {
      cluster: 'dev-2',
      account: accounts.dev,
      entrants: [{ arn: role('dev', 'sts-2'), username: 'sts-dev' }],
    },
  ],
  people: [admin, user],
};

type Own = readonly (readonly [arn: string, username: string])[];
const judge = (name: string, own: Own) =>
  entryOfAnother(
    own.map(([arn, username]) => ({ arn, username })),
    name,
    fleet,
  );

describe('tells that it is another cluster’s', () => {
  it.each<[string, string, Own, string]>([
    ['a role that is mapped there', 'prd', [[role('dev'), 'any']], 'dev'],
    ['in other letters', 'prd', [[role('dev').toUpperCase().replace('ARN:AWS:IAM', 'arn:aws:iam'), 'any']], 'dev'],
    ['beside people who are mapped in both', 'prd', [[user, 'ada'], [role('dev'), 'sts-dev']], 'dev'],
    ['a role by another name now, with the user of a service', 'prd', [[role('dev', 'old'), 'sts']], 'dev'],
    ['a role of one that is still there, for one that has left', 'left', [[role('prd', 'x'), 'x'], [role('prd'), 'sts']], 'prd'],
    ['nobody but its people, for one that has left', 'left', [[user, 'ada']], 'dev'],
  ])('%s', (_, name, own, cluster) => {
    expect(judge(name, own)).toMatchObject({ cluster });
  }); // prettier-ignore
});

describe('tells nothing, and blocks nothing', () => {
  it.each<[string, string, Own]>([
    ['no entry of ours', 'prd', []],
    ['what is mapped here', 'prd', [[role('prd'), 'sts']]],
    ['a role of this account by another name now', 'prd', [[role('prd', 'old'), 'sts']]],
    ['a role of this account that another cluster of it has now', 'dev-2', [[role('dev'), 'sts-dev']]],
    ['another’s role beside one of this account: a mistake to be mended', 'prd', [[role('prd', 'old'), 'sts'], [role('dev'), 'sts-dev']]],
    ['people who may enter only another cluster now', 'prd', [[user, 'ada']]],
    ['people of a cluster’s account who may enter only that one now', 'prd', [[admin, 'admin']]],
    ['people of a cluster’s account who have left', 'prd', [[role('hub', 'left'), 'left']]],
    ['a role of an account without clusters', 'prd', [['arn:aws:iam::555555555555:role/old', 'sts']]],
    ['a cluster that has left: a role of its own', 'left', [[role('prd', 'left'), 'sts']]],
    ['a cluster that has left: people beside it', 'left', [[user, 'ada'], ['arn:aws:iam::555555555555:role/sts', 'sts']]],
  ])('%s', (_, name, own) => {
    expect(judge(name, own)).toBeUndefined();
  }); // prettier-ignore
});
