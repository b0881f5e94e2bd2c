import type { AccountModel, IamModel, RoleModel } from './model.ts';

/** The roles of an account that exist and must trust more than they do. */
export const existingThatTrust = ({ roles }: AccountModel): readonly RoleModel[] =>
  roles.filter(({ role, trust }) => role.ownership === 'existing' && trust);

/**
 * Where what they are to trust stands for a form that can't add to the trust policy of a role that it
 * does not manage: in documents, which are always written, and in the script where that is.
 */
export function whereTrustStands({ settings }: IamModel, account: AccountModel): string {
  const documents = existingThatTrust(account).map(
    ({ role }) => `_iam/${role.account}/${role.name}/trust-statements-to-add.json`,
  );
  const script = settings.forms.includes('aws-cli')
    ? `, or run _aws-cli/${account.id}.sh after this`
    : '';
  return `add the statements where the role is managed, or by hand (docs/iam.md, add-trust-statements), of ${documents.join(', ')}${script}`;
}
