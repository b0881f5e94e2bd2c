import type { Branded } from './brand.ts';

/** Twelve digits. Always a string: a leading zero is lost in a number. */
export type AccountId = Branded<'AccountId'>;
/** `arn:PARTITION:iam::ACCOUNT:role/[PATH/]NAME`. */
export type RoleArn = Branded<'RoleArn'>;
/** An IAM user's ARN, or a role's. */
export type PrincipalArn = Branded<'PrincipalArn'> | RoleArn;
/**
 * IAM role name: 1–64 of `[\w+=,.@-]` (IAM API reference, CreateRole). `.` and `..` are left out:
 * IAM takes them, but a role's documents are written to a folder of its name.
 */
export type RoleName = Branded<'RoleName'>;
/** An AWS region, such as `eu-west-1`. */
export type Region = Branded<'Region'>;

export const partitions = ['aws', 'aws-cn', 'aws-us-gov'] as const;
export type Partition = (typeof partitions)[number];

const accountId = /^\d{12}$/;
const roleName = /^[\w+=,.@-]{1,64}$/;
/** What regions are called by (AWS regional services: "AWS Regions"). */
export const regionParts = {
  areas: ['af', 'ap', 'ca', 'cn', 'eu', 'il', 'me', 'mx', 'sa', 'us', 'us-gov'],
  directions: ['west', 'east', 'north', 'south', 'central'].concat(
    ...['northeast', 'northwest', 'southeast', 'southwest'],
  ),
} as const;
const region = new RegExp(
  `^(?:${regionParts.areas.join('|')})-(?:${regionParts.directions.join('|')})-[1-9]$`,
);

export const isAccountId = (text: string): text is AccountId => accountId.test(text);
/** `.` and `..` are refused besides: a role's documents stand in a folder of its name. */
export const isRoleName = (text: string): text is RoleName =>
  roleName.test(text) && text !== '.' && text !== '..';
export const isRegion = (text: string): text is Region => region.test(text);

/** The partition a region belongs to: ARNs, hosts and console links follow it. */
export function partitionOf(region: Region): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

/** The domain that the partition's service hosts end in (aws-iam-authenticator, pkg/token/partitions.go). */
export const domainOf = (partition: Partition): string =>
  partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';

/** @param path `/`, or `/team/` */
export const roleArn = (
  partition: Partition,
  account: AccountId,
  name: RoleName,
  path = '/',
): RoleArn => `arn:${partition}:iam::${account}:role${path}${name}` as RoleArn;

export const clusterArn = (
  partition: Partition,
  region: Region,
  account: AccountId,
  eksCluster: string,
): string => `arn:${partition}:eks:${region}:${account}:cluster/${eksCluster}`;

/** The IAM OIDC provider that stands for an issuer: its host and path, without the scheme. */
export const oidcProviderArn = (partition: Partition, account: AccountId, issuer: string): string =>
  `arn:${partition}:iam::${account}:oidc-provider/${issuerHostPath(issuer)}`;

/** `https://oidc.eks.…/id/X` → `oidc.eks.…/id/X`: the form that condition keys and provider ARNs use. */
export const issuerHostPath = (issuer: string): string =>
  issuer.replace(/^https:\/\//, '').replace(/\/$/, '');

/** What an IAM role ARN says. */
export interface ParsedRoleArn {
  readonly partition: Partition;
  readonly account: AccountId;
  /** `/` or `/team/`. */
  readonly path: string;
  readonly name: RoleName;
}

const roleArnForm =
  /^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):role(\/(?:[\x21-\x7e]{1,510}\/)?)([\w+=,.@-]{1,64})$/;

/** The parts of a role ARN, or `undefined` for anything that is not exactly one. */
export function parseRoleArn(text: string): ParsedRoleArn | undefined {
  const match = roleArnForm.exec(text);
  if (!match) return undefined;
  const [, partition, account, path, name = ''] = match;
  if (!isRoleName(name)) return undefined;
  return {
    partition: partition as Partition,
    account: account as AccountId,
    path: path ?? '/',
    name,
  };
}

/**
 * A role's ARN as the authenticator of a cluster sees its sessions: `role/NAME`, whatever path it has
 * (aws-iam-authenticator, pkg/arn; its issue 268). Any other ARN as it is.
 */
export function withoutPath<Arn extends string>(arn: Arn): Arn {
  const parsed = parseRoleArn(arn);
  if (!parsed || parsed.path === '/') return arn;
  return roleArn(parsed.partition, parsed.account, parsed.name) as string as Arn;
}

const userArnForm =
  /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:user\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/;

/** An IAM user's ARN, or a role's; never a session's, which no mapping and no trust matches for long. */
export const isPrincipalArn = (text: string): text is PrincipalArn =>
  isUserArn(text) || parseRoleArn(text) !== undefined;

export const isUserArn = (text: string): boolean => userArnForm.test(text);
