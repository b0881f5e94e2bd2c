import { jsonText } from '../json.ts';
import type { IamModel } from '../model.ts';
import type { OutputFile } from '../output-file.ts';
import { ownRoles } from '../trusted.ts';
import { accountModule } from './module.ts';
import { rootModule } from './root.ts';

/** A module an account, and one that puts them together, in Terraform's JSON syntax. */
export function renderTerraform(model: IamModel): readonly OutputFile[] {
  if (model.accounts.length === 0) return [];
  const roles = ownRoles(model);
  return [
    { path: '_terraform/main.tf.json', text: jsonText(rootModule(model, roles)) },
    ...model.accounts.map((account) => ({
      path: `_terraform/${account.id}/main.tf.json`,
      text: jsonText(accountModule(model, account, roles)),
    })),
  ];
}
