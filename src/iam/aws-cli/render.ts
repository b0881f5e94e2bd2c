import type { AccountModel, IamModel } from '../model.ts';
import type { OutputFile } from '../output-file.ts';
import { globalRegions } from '../regions.ts';
import { ownRoles, trustedElsewhere, type OwnRoles } from '../trusted.ts';
import { calls } from './calls.ts';
import { functions } from './functions.ts';
import { quoted } from './shell.ts';

/** A script an account: it can be run again, and from anywhere. It needs bash, aws and jq. */
export function renderAwsCli(model: IamModel): readonly OutputFile[] {
  const roles = ownRoles(model);
  return model.accounts.map((account) => ({
    path: `_aws-cli/${account.id}.sh`,
    text: `${[head(model, account, roles), functions, check, ...calls(model, account)].join('\n')}\n`,
  }));
}

const head = (model: IamModel, account: AccountModel, roles: OwnRoles): string =>
  [
    '#!/usr/bin/env bash',
    `# Fleet ${model.fleet}, account ${account.id}: written by Rollcall, and replaced by the next synth.`,
    '# To be run by bash with credentials of that account, as often as you like.',
    ...after(roles, account),
    '# Of the roles and access entries that stand here it takes off what the fleet no longer asks for.',
    '# What stands here no more it leaves alone: `rollcall plan` lists what is to be taken out.',
    'set -euo pipefail',
    `account=${quoted(account.id)}`,
    `fleet=${quoted(model.fleet)}`,
    // Version 1 of the AWS CLI knows the first alone, and in version 2 the second goes before it.
    `export AWS_DEFAULT_REGION=${quoted(globalRegions[account.partition])}`,
    'export AWS_REGION="$AWS_DEFAULT_REGION" AWS_PAGER=',
  ].join('\n');

/** A circle of accounts is no fault: what fails in the first is done when it is run again. */
function after(roles: OwnRoles, account: AccountModel): readonly string[] {
  const accounts = [...new Set(trustedElsewhere(roles, account).map(({ role }) => role.account))];
  if (accounts.length === 0) return [];
  return [
    `# After the scripts of these accounts, whose roles are trusted here: ${accounts.join(', ')}.`,
  ];
}

const check = `
caller=$(aws sts get-caller-identity --query Account --output text)
[ "$caller" = "$account" ] || refuse "these are credentials of account $caller, and the script is for $account"
`;
