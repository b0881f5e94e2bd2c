import { oidcProviderArn, partitionOf } from '../../names/arn.ts';
import type { Partition } from '../../names/arn.ts';
import type { Iam } from '../aws/iam.ts';
import { refusedAs } from './apply-iam.ts';
import type { PriorAccount, PriorState } from './prior-state.ts';

/** The accounts as they were before: their providers, users, policies and roles. */
export function declareAccounts(iam: Iam, prior: PriorState): void {
  for (const account of prior.accounts) {
    const partition = partitionOfAccount(prior, account);
    const arnOf = (kind: string, { path, name }: { path: string; name: string }): string =>
      `arn:${partition}:iam::${account.id}:${kind}${path}${name}`;
    for (const { issuer, clientIds } of account.oidcProviders) {
      const arn = oidcProviderArn(partition, account.id, issuer);
      iam.addProvider(account.id, { arn, issuer, clientIds });
    }
    for (const policy of account.managedPolicies) {
      const arn = arnOf('policy', policy);
      refusedAs(`prior state: policy ${arn}`, () => {
        iam.createPolicy(arn, policy.document);
      });
    }
    for (const user of account.users) {
      const arn = arnOf('user', user);
      refusedAs(`prior state: user ${arn}`, () => {
        iam.createUser({ arn });
        putPolicies(iam, arn, user.policies);
      });
    }
    for (const role of account.roles) {
      const arn = arnOf('role', role);
      const { trust, maxSessionDuration } = role;
      refusedAs(`prior state: role ${arn}`, () => {
        iam.createRole({ arn, trust, maxSessionDuration, trustUnknownPrincipals: true });
        putPolicies(iam, arn, role.policies);
      });
    }
  }
}

function putPolicies(iam: Iam, arn: string, policies: PriorAccount['roles'][number]['policies']) {
  for (const [name, document] of Object.entries(policies)) iam.putPolicy(arn, name, document);
}

/** An account is of the partition that its clusters' regions are of; `aws` when it has none. */
function partitionOfAccount({ clusters }: PriorState, { id }: PriorAccount): Partition {
  const cluster = clusters.find(({ account }) => account === id);
  return cluster ? partitionOf(cluster.region) : 'aws';
}
