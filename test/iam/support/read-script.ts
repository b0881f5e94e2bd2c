import type { IamModel } from '../../../src/iam/model.ts';
import type { OutputFile } from '../../../src/iam/output-file.ts';
import { nothing, roleIn, tagsOf, type Carried, type Collected } from './carried.ts';
import { ownersStatement, priorOf, runScript } from './run-script.ts';

/** What the scripts have asked of `aws`, all accounts together. */
export function readScripts(model: IamModel, files: readonly OutputFile[]): Carried {
  const collected = nothing();
  const made = new Map<string, unknown>();
  for (const file of files) {
    const account = /(\d{12})\.sh$/.exec(file.path)?.[1] ?? '';
    const { code, stderr, calls, left } = runScript(file, account, priorOf(model, account));
    if (code !== 0 || left !== '') throw new Error(`exit ${String(code)}: ${stderr}${left}`);
    for (const call of calls) add(collected, made, account, call);
  }
  return collected;
}

/** Of whichever call: what is read of it is there. */
interface Input {
  readonly Url: string;
  readonly ClientIDList: readonly string[];
  readonly RoleName: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Path: string;
  readonly MaxSessionDuration: number;
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly PolicyName: string;
  readonly PolicyArn: string;
  readonly PolicyDocument: string;
  readonly clusterName: string;
  readonly principalArn: string;
  readonly username: string;
  readonly kubernetesGroups: readonly string[];
  readonly policyArn: string;
  readonly accessScope: { readonly namespaces?: readonly string[] };
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags: boolean;
}

/** @param made managed policies that stand to be attached */
function add(
  collected: Collected,
  made: Map<string, unknown>,
  account: string,
  call: readonly string[],
): void {
  const [service = '', operation = '', , input = '{}'] = call;
  if (/^(?:get|list|describe)-/.test(operation)) return;
  const of = JSON.parse(input) as Input;
  const cluster = `${account}/${call[call.indexOf('--region') + 1] ?? ''}/${of.clusterName}`;
  switch (`${service} ${operation}`) {
    case 'iam create-open-id-connect-provider':
      collected.providers[`${account}/${of.Url}`] = of.ClientIDList;
      return;
    case 'iam create-role': {
      const role = roleIn(collected, account, of.RoleName);
      role.trust = JSON.parse(of.AssumeRolePolicyDocument);
      role.made = {
        path: of.Path,
        maxSessionSeconds: of.MaxSessionDuration,
        permissionsBoundary: of.PermissionsBoundary,
        tags: tagsOf(of.Tags),
      };
      return;
    }
    case 'iam update-assume-role-policy':
      roleIn(collected, account, of.RoleName).trust = addedTo(of.PolicyDocument);
      return;
    case 'iam put-role-policy': {
      const { policies } = roleIn(collected, account, of.RoleName);
      policies[of.PolicyName] = { kind: 'inline', document: JSON.parse(of.PolicyDocument) };
      return;
    }
    case 'iam create-policy':
      made.set(`${account}/${of.PolicyName}`, JSON.parse(of.PolicyDocument));
      return;
    case 'iam attach-role-policy': {
      const name = of.PolicyArn.slice(of.PolicyArn.lastIndexOf('/') + 1);
      const document = made.get(`${account}/${name}`);
      roleIn(collected, account, of.RoleName).policies[name] = { kind: 'managed', document };
      return;
    }
    case 'eks create-access-entry': {
      const { username, kubernetesGroups: groups } = of;
      collected.entries[`${cluster}/${of.principalArn}`] = { username, groups, policies: [] };
      return;
    }
    case 'eks associate-access-policy': {
      const key = `${cluster}/${of.principalArn}`;
      const entry = collected.entries[key];
      if (!entry) throw new Error(`a policy before its entry ${key}`);
      const policy = { policyArn: of.policyArn, namespaces: of.accessScope.namespaces ?? [] };
      collected.entries[key] = { ...entry, policies: [...entry.policies, policy] };
      return;
    }
    case 'eks create-pod-identity-association':
      collected.associations[`${cluster}/${of.namespace}/${of.serviceAccount}`] = {
        roleArn: of.roleArn,
        ...(of.targetRoleArn === undefined ? {} : { targetRoleArn: of.targetRoleArn }),
        disableSessionTags: of.disableSessionTags,
      };
      return;
    default:
      throw new Error(`another call: ${service} ${operation}`);
  }
}

/** A trust policy without its owner's statement, which must be in it. */
function addedTo(text: string): unknown {
  const { Version, Statement } = JSON.parse(text) as {
    readonly Version: string;
    readonly Statement: readonly { readonly Sid: string }[];
  };
  const [first, ...added] = Statement;
  if (first?.Sid !== ownersStatement.Sid) throw new Error('the owner’s statement is lost');
  return { Version, Statement: added };
}
