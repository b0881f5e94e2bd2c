import { oidcProviderArn, parseRoleArn, partitionOf } from '../../names/arn.ts';
import type { Partition } from '../../names/arn.ts';
import { AwsError } from '../aws/aws-error.ts';
import type { Iam } from '../aws/iam.ts';
import type { IamStep } from './generated-output.ts';
import { LoadError } from './load-error.ts';
import type { PriorAccount, PriorState } from './prior-state.ts';

/** The inline policies that carry Rollcall's statements on a role. */
const ownPolicy = 'rollcall';
const addedPolicy = 'rollcall-added';

/** The accounts as they were before: their providers and roles. */
export function declareAccounts(iam: Iam, prior: PriorState): void {
  for (const account of prior.accounts) {
    const partition = partitionOfAccount(prior, account);
    for (const { issuer, clientIds } of account.oidcProviders) {
      const arn = oidcProviderArn(partition, account.id, issuer);
      iam.addProvider(account.id, { arn, issuer, clientIds });
    }
    for (const { name, path, trust, policies, maxSessionDuration } of account.roles) {
      const arn = `arn:${partition}:iam::${account.id}:role${path}${name}`;
      refusedAs(`prior state: role ${arn}`, () => {
        iam.createRole({ arn, trust, maxSessionDuration, trustUnknownPrincipals: true });
        for (const [policy, document] of Object.entries(policies)) {
          iam.putPolicy(arn, policy, document);
        }
      });
    }
  }
}

/** Takes the generated steps in their order; IAM refuses what it would refuse. */
export function applyIamSteps(iam: Iam, steps: readonly IamStep[]): void {
  for (const step of steps) {
    const place = `_iam/apply-order.json: step ${step.step} (${step.action}, ${step.file})`;
    requireConsistent(iam, step, place);
    refusedAs(place, () => {
      apply(iam, step);
    });
  }
}

function apply(iam: Iam, { action, arn, document }: IamStep): void {
  switch (action) {
    case 'create-role':
      iam.createRole({ arn, trust: document });
      return;
    case 'put-permissions':
      iam.putPolicy(arn, ownPolicy, document);
      return;
    case 'add-trust-statements':
      iam.addTrust(arn, document);
      return;
    case 'add-permission-statements':
      iam.addPermissions(arn, addedPolicy, document);
      return;
  }
}

function requireConsistent(iam: Iam, { account, role, arn }: IamStep, place: string): void {
  const parsed = parseRoleArn(arn);
  if (parsed?.account !== account || parsed.name !== role) {
    throw new LoadError('simulator/iam', place, `the ARN ${arn} is not that of ${account}/${role}`);
  }
  if (!iam.hasAccount(account)) {
    throw new LoadError(
      'simulator/iam',
      place,
      `the prior state has no account ${account}; declare it under accounts`,
    );
  }
}

function refusedAs(place: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new LoadError('simulator/iam', place, `${cause.code}: ${cause.message}`, { cause });
  }
}

/** An account is of the partition that its clusters' regions are of; `aws` when it has none. */
function partitionOfAccount({ clusters }: PriorState, { id }: PriorAccount): Partition {
  const cluster = clusters.find(({ account }) => account === id);
  return cluster ? partitionOf(cluster.region) : 'aws';
}
