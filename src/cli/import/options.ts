import { UserError } from '../../../charts/user-error.ts';
import type { Refreshable } from '../../import/drift.ts';
import type { Rule } from '../../form/rule.ts';
import { rules } from '../../form/rules.ts';
import type { AccountId } from '../../names/arn.ts';
import type { OutputFormat } from '../io.ts';

/** As the command line gives them. */
export interface ImportOptions {
  /** The fleet file. */
  readonly fleet: string;
  /** Of a fleet file that is new. */
  readonly name?: string;
  /** True: where kubectl finds it. */
  readonly kubeconfig?: string | true;
  readonly profile?: readonly string[];
  /** EKS is asked by the credentials that the SDK finds by itself. */
  readonly eks?: true;
  readonly region?: readonly string[];
  /** `CLUSTER=FILE` */
  readonly awsAuth?: readonly string[];
  /** `[SERVICE=]FILE` */
  readonly policy?: readonly string[];
  /** `EKS-NAME=ID` */
  readonly account?: readonly string[];
  /** `ACCOUNT/REGION/EKS-NAME=NAME` */
  readonly as?: readonly string[];
  readonly tag?: readonly string[];
  /** True: all of them. */
  readonly refresh?: true | readonly Refreshable[];
  /** Writes nothing, and tells by the exit code. */
  readonly check?: boolean;
  readonly dryRun?: boolean;
  readonly format: OutputFormat;
}

/** `KEY=VALUE` */
interface Assignment {
  readonly key: string;
  readonly value: string;
}

/** The options once they are read: nothing in them breaks a rule of the fleet file. */
export interface ReadOptions {
  readonly accounts: ReadonlyMap<string, AccountId>;
  /** By `ACCOUNT/REGION/EKS-NAME`. */
  readonly names: ReadonlyMap<string, string>;
  readonly awsAuth: readonly Assignment[];
  readonly policies: readonly { readonly service?: string; readonly file: string }[];
}

/** @throws UserError `import/argument`, `import/no-source` */
export function readOptions(options: ImportOptions): ReadOptions {
  const { kubeconfig, profile = [], eks, awsAuth = [], policy = [] } = options;
  if (
    kubeconfig === undefined &&
    profile.length === 0 &&
    !eks &&
    awsAuth.length + policy.length === 0
  ) {
    throw new UserError({
      code: 'import/no-source',
      found: 'no source to import from',
      expected: 'at least one of: --kubeconfig, --profile, --eks, --aws-auth, --policy',
      next: 'Name a source, such as --profile NAME --region eu-west-1.',
    });
  }
  for (const region of options.region ?? []) requireRule('--region', rules.region, region);
  for (const tag of options.tag ?? []) requireRule('--tag', rules.labelKey, tag);
  if (options.name !== undefined) requireRule('--name', rules.dnsLabel, options.name);
  const accounts = (options.account ?? []).map((one) => {
    const { key, value } = assignment('--account', one, 'EKS-NAME=ID');
    requireRule('--account', rules.eksName, key);
    requireRule('--account', rules.accountId, value);
    return [key, value as AccountId] as const;
  });
  const names = (options.as ?? []).map((one) => {
    const { key, value } = assignment('--as', one, 'ACCOUNT/REGION/EKS-NAME=NAME');
    requireRule('--as', rules.dnsLabel, value);
    return [key, value] as const;
  });
  return {
    accounts: new Map(accounts),
    names: new Map(names),
    awsAuth: awsAuth.map((one) => assignment('--aws-auth', one, 'CLUSTER=FILE')),
    policies: policy.map((one) => {
      // A path may have an `=` too, but no service's name has a slash or a dot.
      const [, service, file] = /^([a-z0-9-]+)=(.+)$/s.exec(one) ?? [];
      return service !== undefined && file !== undefined ? { service, file } : { file: one };
    }),
  };
}

function assignment(option: string, text: string, form: string): Assignment {
  const [, key, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return { key, value };
  throw wrong(option, text, form, `Write ${option} ${form}.`);
}

function requireRule(option: string, { test, expected, next }: Rule, text: string): void {
  if (!test(text)) throw wrong(option, text, expected, next);
}

const wrong = (option: string, text: string, expected: string, next: string): UserError =>
  new UserError({ code: 'import/argument', found: `${option} "${text}"`, expected, next });
