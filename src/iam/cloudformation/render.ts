import { asciiJson, jsonText } from '../json.ts';
import type { AccountModel, IamModel } from '../model.ts';
import type { OutputFile } from '../output-file.ts';
import { regionsOf } from '../regions.ts';
import { existingThatTrust, whereTrustStands } from '../trust-to-add.ts';
import { ownRoles, trustedElsewhere, type OwnRoles } from '../trusted.ts';
import { eksUnits } from './eks-resources.ts';
import { iamUnits } from './iam-resources.ts';
import { templates, type TemplateText, type Unit } from './template.ts';

/**
 * A template an account, which is global, and one for EKS in each region: without parameters or
 * exports, so that a StackSet can carry them out. They name roles and policies, which takes
 * `CAPABILITY_NAMED_IAM`.
 */
export function renderCloudFormation(model: IamModel): readonly OutputFile[] {
  const roles = ownRoles(model);
  return model.accounts.flatMap((account) => [
    ...filesOf(`${account.id}-iam`, iamUnits(model, account), iamText(model, account, roles)),
    ...regionsOf(account).flatMap((region) =>
      filesOf(
        `${account.id}-${region}-eks`,
        account.clusters
          .filter((one) => one.region === region)
          .flatMap((one) => eksUnits(model, one)),
        eksText(model, account, region),
      ),
    ),
  ]);
}

/** A file a template; where there are several, they are numbered in the order to apply them in. */
const filesOf = (name: string, units: readonly Unit[], text: TemplateText) =>
  templates(units, text, (value) => asciiJson(value, 2).length).map((template, index) => ({
    path: `_cloudformation/${name}${index === 0 ? '' : `-${index + 1}`}.json`,
    text: jsonText(template),
  }));

function iamText(model: IamModel, account: AccountModel, roles: OwnRoles): TemplateText {
  const existing = existingThatTrust(account);
  const before = [...new Set(trustedElsewhere(roles, account).map(({ role }) => role.account))];
  return {
    description: `IAM of fleet ${model.fleet} in account ${account.id}`,
    metadata: {
      Fleet: model.fleet,
      Account: account.id,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ...(before.length === 0 ? {} : { AfterAccounts: before }),
      ...(existing.length === 0
        ? {}
        : {
            NotInThisTemplate: `CloudFormation can't add to the trust policy of a role that it has not made: ${whereTrustStands(model, account)}`,
            TrustStatementsToAdd: Object.fromEntries(
              existing.map(({ role, trust }) => [role.arn, trust]),
            ),
          }),
    },
  };
}

const eksText = (model: IamModel, account: AccountModel, region: string): TemplateText => ({
  description: `EKS access of fleet ${model.fleet} in account ${account.id}, ${region}`,
  metadata: { Fleet: model.fleet, Account: account.id, Region: region, After: 'IAM' },
});
