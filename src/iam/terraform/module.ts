import type { AccountModel, IamModel } from '../model.ts';
import { label } from '../names.ts';
import { regionsOf } from '../regions.ts';
import { existingThatTrust, whereTrustStands } from '../trust-to-add.ts';
import { trustedElsewhere, type OwnRoles } from '../trusted.ts';
import {
  awsProvider,
  literals,
  regionAlias,
  requiredTerraform,
  type Block,
} from './configuration.ts';
import { eksResources } from './eks-resources.ts';
import { iamResources, roleVariable } from './iam-resources.ts';

/** One account, as a module that is of use without the others too. */
export function accountModule(model: IamModel, account: AccountModel, roles: OwnRoles): Block {
  const elsewhere = trustedElsewhere(roles, account);
  const aliases = regionsOf(account).map((region) => `aws.${regionAlias(region)}`);
  const resources = withoutEmpty({
    ...iamResources(model, account, elsewhere),
    ...eksResources(model, account),
  });
  const own = account.roles.filter(({ role }) => role.ownership === 'rollcall');
  return {
    '//': `Fleet ${model.fleet}, account ${account.id}: written by Rollcall, and replaced by the next synth.`,
    terraform: {
      required_version: requiredTerraform,
      required_providers: {
        aws: {
          ...awsProvider,
          ...(aliases.length === 0 ? {} : { configuration_aliases: aliases }),
        },
      },
    },
    ...withoutEmpty({
      variable: Object.fromEntries(
        elsewhere.map((one) => [
          roleVariable(one),
          {
            type: 'string',
            default: '',
            description: `Role ${one.role.name} of account ${one.role.account}, which must be there before the roles that trust it.`,
          },
        ]),
      ),
      resource: resources,
      output: {
        ...Object.fromEntries(
          own.map(({ role }) => [
            `role_${label(role.name)}`,
            { value: `\${aws_iam_role.${label(role.name)}.arn}` },
          ]),
        ),
        ...trustToAdd(model, account),
      },
    }),
  };
}

/** Terraform can't add to the trust policy of a role that it does not manage: it is told, not done. */
function trustToAdd(model: IamModel, account: AccountModel): Block {
  const existing = existingThatTrust(account);
  if (existing.length === 0) return {};
  return {
    trust_statements_to_add: {
      description: `Statements for the trust policies of roles that exist, by their ARNs. Terraform can't add to a policy that it does not manage: ${whereTrustStands(model, account)}.`,
      value: literals(Object.fromEntries(existing.map(({ role, trust }) => [role.arn, trust]))),
    },
  };
}

const withoutEmpty = (block: Readonly<Record<string, object>>): Block =>
  Object.fromEntries(Object.entries(block).filter(([, inner]) => Object.keys(inner).length > 0));
