import { listed } from '../fleet/suggest.ts';
import { workloadKinds } from '../fleet/model.ts';
import type { Rule } from '../form/rule.ts';
import { rules } from '../form/rules.ts';
import { domainOf, partitionOf, type Region } from '../names/arn.ts';
import { issuerRegion } from '../names/endpoint.ts';
import { product } from '../names/product.ts';

/** What a fleet file is begun with, as texts that their rules hold for. */
export interface Answers {
  readonly name: string;
  readonly account: string;
  /** As EKS knows it. */
  readonly cluster: string;
  readonly region: string;
  readonly issuer: string;
  /** That of the workloads. */
  readonly namespace: string;
  /** `Deployment/web`. At least one. */
  readonly workload: readonly string[];
  readonly schedule: string;
  readonly image: string;
}

export type Key = keyof Answers;

type Expectation = Pick<Rule, 'expected' | 'next'>;

export interface Question {
  readonly key: Key;
  /** Asks for it, without the question mark’s default. */
  readonly text: string;
  /** Of the answer, or of each of several. */
  readonly rule: Omit<Rule, 'code'>;
  /** What is expected instead where an answer does not go with others that are given. */
  readonly beside?: (answer: string, given: Partial<Answers>) => Expectation | undefined;
  /** Several answers, with spaces or commas between. Default: one. */
  readonly several?: true;
  /** Taken where nothing is answered. Default: an answer is needed. */
  readonly preset?: (given: Partial<Answers>) => string;
}

/** `KIND/NAME`, as kubectl writes it but for the case of kinds. */
const workload: Question['rule'] = {
  test: (text) => {
    const [kind = '', name = '', ...rest] = text.split('/');
    const isKind = workloadKinds.some((one) => one === kind);
    return isKind && rest.length === 0 && rules.objectName.test(name);
  },
  expected: `KIND/NAME, such as Deployment/web; kinds: ${listed(workloadKinds)}`,
  next: 'Write the kind as it is here, and the name that `kubectl get` shows.',
};

/** EKS has a cluster's issuer in its own region: another one's is another cluster's. */
const isElsewhere = (issuer: string, region: string): boolean =>
  region !== '' && ![undefined, region].includes(issuerRegion(issuer));

/** In the order in which they are asked. */
export const questions: readonly Question[] = [
  { key: 'name', text: 'The fleet’s name', rule: rules.dnsLabel },
  {
    key: 'account',
    text: 'The id of the AWS account that the cluster is in',
    rule: { ...rules.accountId, expected: '12 digits, such as 012345678901' },
  },
  { key: 'cluster', text: 'The cluster’s name in EKS', rule: rules.eksName },
  {
    key: 'region',
    text: 'Its region',
    rule: rules.region,
    beside: (region, { issuer = '' }) =>
      isElsewhere(issuer, region)
        ? {
            expected: `${issuerRegion(issuer) ?? ''}, which the issuer is in`,
            next: 'Write the cluster’s region, and the issuer of that very cluster.',
          }
        : undefined,
  },
  {
    key: 'issuer',
    text: 'Its OIDC issuer (aws eks describe-cluster --query cluster.identity.oidc.issuer)',
    rule: rules.issuer,
    beside: (issuer, { region = '' }) =>
      isElsewhere(issuer, region)
        ? {
            expected: `an issuer in ${region}, the cluster’s region`,
            next: 'Write what DescribeCluster shows of this very cluster; where the region is wrong, begin again.',
          }
        : undefined,
  },
  { key: 'namespace', text: 'The namespace of the workloads to restart', rule: rules.dnsLabel },
  { key: 'workload', text: 'The workloads, such as Deployment/web', rule: workload, several: true },
  {
    key: 'schedule',
    text: 'When, as five cron fields in UTC',
    rule: rules.schedule,
    preset: () => '0 3 * * 1',
  },
  {
    key: 'image',
    text: 'The job’s container image',
    rule: rules.image,
    preset: ({ account = '', region = '' }) =>
      `${account}.dkr.ecr.${region}.${domainOf(partitionOf(region as Region))}/rollcall/restart:${product.version}`,
  },
];

/**
 * What is wrong with an answer; `undefined`: nothing.
 *
 * @param given what else is answered
 */
export function problemOf(
  { rule, several, beside }: Question,
  answer: string,
  given: Partial<Answers>,
): (Expectation & { readonly found: string }) | undefined {
  const parts = several ? partsOf(answer) : [answer];
  const bad = parts.length === 0 ? answer : parts.find((part) => !rule.test(part));
  if (bad !== undefined) return { found: bad, expected: rule.expected, next: rule.next };
  const expectation = beside?.(answer, given);
  return expectation && { found: answer, ...expectation };
}

/** Several answers in one text, each once. */
export const partsOf = (answer: string): readonly string[] => [
  ...new Set(answer.split(/[\s,]+/).filter((part) => part !== '')),
];
