import type { AccountModel, IamModel } from '../model.ts';
import { label } from '../names.ts';
import { globalRegions, regionsOf } from '../regions.ts';
import { trustedElsewhere, type OwnRoles } from '../trusted.ts';
import {
  accountAlias,
  accountRegionAlias,
  awsProvider,
  regionAlias,
  requiredTerraform,
  type Block,
} from './configuration.ts';
import { roleVariable } from './iam-resources.ts';

/** All accounts' modules, each with a provider that refuses any other account. */
export const rootModule = (model: IamModel, roles: OwnRoles): Block => ({
  '//': `Fleet ${model.fleet}: written by Rollcall, and replaced by the next synth. A module an account; each can be used alone.`,
  terraform: { required_version: requiredTerraform, required_providers: { aws: awsProvider } },
  variable: {
    profiles: {
      type: 'map(string)',
      default: {},
      description:
        'The AWS profile of each account, by its id. Of one that is left out: the default credentials.',
    },
  },
  provider: {
    aws: model.accounts.flatMap((account) => [
      providerBlock(account, accountAlias(account.id), homeRegion(account)),
      ...regionsOf(account).map((region) =>
        providerBlock(account, accountRegionAlias(account.id, region), region),
      ),
    ]),
  },
  module: Object.fromEntries(
    model.accounts.map((account) => [accountAlias(account.id), moduleBlock(account, roles)]),
  ),
});

const providerBlock = ({ id }: AccountModel, alias: string, region: string): Block => ({
  alias,
  region,
  profile: `\${lookup(var.profiles, "${id}", null)}`,
  allowed_account_ids: [id],
});

function moduleBlock(account: AccountModel, roles: OwnRoles): Block {
  const elsewhere = trustedElsewhere(roles, account);
  return {
    source: `./${account.id}`,
    providers: {
      aws: `aws.${accountAlias(account.id)}`,
      ...Object.fromEntries(
        regionsOf(account).map((region) => [
          `aws.${regionAlias(region)}`,
          `aws.${accountRegionAlias(account.id, region)}`,
        ]),
      ),
    },
    ...Object.fromEntries(
      elsewhere.map((one) => [
        roleVariable(one),
        `\${module.${accountAlias(one.role.account)}.role_${label(one.role.name)}}`,
      ]),
    ),
  };
}

/** IAM is asked in one region of the partition. */
const homeRegion = (account: AccountModel): string =>
  regionsOf(account)[0] ?? globalRegions[account.partition];
