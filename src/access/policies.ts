import type { ServicePolicy } from '../fleet/model.ts';
import type { AccountId, Partition, Region } from '../names/arn.ts';
import type { AskedPermission } from './graph.ts';

/** What placeholders stand for: the role's own account, and its cluster with its region. */
export interface PolicyPlace {
  readonly account: AccountId;
  readonly partition: Partition;
  /** Absent for a principal outside of Kubernetes. */
  readonly region?: Region;
  /** The name that EKS knows it by, as ARNs have it. Absent likewise. */
  readonly cluster?: string;
  readonly service: string;
  readonly env: string;
}

/** Statements of the fleet file with their placeholders filled in, each once, by their text. */
export const askedPermissions = (
  policies: readonly ServicePolicy[],
  place: PolicyPlace,
): readonly (readonly [string, AskedPermission])[] =>
  policies.map((policy) => {
    const permission = fillPolicy(policy, place);
    return [JSON.stringify(permission), permission];
  });

function fillPolicy(
  { actions, resources, conditions }: ServicePolicy,
  place: PolicyPlace,
): AskedPermission {
  const filled = (text: string) => fill(text, place);
  return {
    kind: 'asked',
    actions,
    resources: resources.map(filled),
    conditions: mapValues(conditions, (tests) => mapValues(tests, (values) => values.map(filled))),
  };
}

/** Not IAM's own variables, `${aws:username}`: a dollar stands before those. */
const placeholder = /(?<!\$)\{(account|partition|region|cluster|service|env)\}/g;

const fill = (text: string, place: PolicyPlace): string =>
  text.replace(placeholder, (found, key: keyof PolicyPlace) => place[key] ?? found);

const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
