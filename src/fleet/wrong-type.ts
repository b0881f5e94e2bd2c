import type { FleetProblem } from './codes.ts';
import { describe } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { withUnit } from './next-step.ts';
import { type RuleName, rules } from '../form/rules.ts';
import { rightLevels } from './user-model.ts';

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys to values',
  record: 'a map of names to texts',
  clusters: 'labels to match, such as {env: prd}, or a list of cluster names',
  conditionValue: 'a text, or a list of texts',
  maxFailures: 'a whole number, or per cent such as "5%"',
};

/** A value of another type than the schema has there. `written`: as it stands in the file. */
export function wrongType(
  path: FleetPath,
  value: unknown,
  type: string,
  written?: string,
): FleetProblem {
  if (path.length === 2 && path[0] === 'accounts' && typeof value === 'number') {
    return unquotedAccount(path, value, written ?? String(value));
  }
  const key = String(path.at(-1));
  if (durations.has(key) && typeof value === 'number') {
    const rule = ruleOfDuration(path);
    const { code, expected, next } = rules[rule];
    return {
      code,
      path,
      found: asWritten(value, written),
      expected,
      next: withUnit(rule, String(value)) ?? next,
    };
  }
  const quotable =
    (type === 'string' || type === 'conditionValue') &&
    ['number', 'boolean'].includes(typeof value);
  return {
    code: 'fleet/wrong-type',
    path,
    found: asWritten(value, written),
    expected: typeNames[type] ?? type,
    next: quotable
      ? `Put it in quotes: ${JSON.stringify(written ?? String(value))}.`
      : value === null
        ? 'Write a value, or remove the key.'
        : isOfRights(path)
          ? `Write a list of maps, such as [{level: ${rightLevels.find((level) => level === value) ?? 'view'}}].`
          : `Write ${typeNames[type] ?? type} here.`,
  };
}

/** A user's rights, or one of them. */
const isOfRights = ([top, , key, , ...deeper]: FleetPath): boolean =>
  top === 'users' && key === 'rights' && deeper.length === 0;

// no others have this type
const durations = new Set([
  ...['timeout', 'clusterTimeout', 'runTimeout', 'blockerTimeout', 'soak', 'settle'],
  ...['interval', 'retryInterval'],
  ...['minInterval', 'within', 'sessionDuration', 'tokenExpiration'],
]);

function ruleOfDuration(path: FleetPath): RuleName {
  const [holder, key] = path.slice(-2);
  if (key === 'soak' || key === 'tokenExpiration') return key;
  if (key !== 'sessionDuration') return 'duration';
  return holder === 'kiam' || holder === 'kube2iam' ? `${holder}Session` : key;
}

/** YAML may have made something else of what is written, such as 1 of 0x1. */
const asWritten = (value: unknown, written: string | undefined): string =>
  typeof value === 'string' || !written || written === String(value)
    ? describe(value)
    : `${describe(value)}, written ${written}`;

function unquotedAccount(path: FleetPath, value: number, written: string): FleetProblem {
  const whole = /^\d{12}$/.test(written);
  return {
    code: 'fleet/unquoted-account-id',
    path,
    found: asWritten(value, written),
    expected: rules.accountId.expected,
    next: whole
      ? `Put it in quotes: "${written}". As a number an id loses its leading zeros.`
      : `Put all 12 digits in quotes, such as "${written.replace(/\D/g, '').slice(0, 12).padStart(12, '0')}". As a number an id loses its leading zeros.`,
  };
}
