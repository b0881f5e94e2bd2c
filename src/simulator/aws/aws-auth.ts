import { parse } from 'yaml';
import { z } from 'zod';

/** Whom an entry of aws-auth stands for. */
export interface UserMapping {
  readonly username: string;
  readonly groups: readonly string[];
}

/** One entry of aws-auth's `mapRoles`. */
export interface RoleMapping extends UserMapping {
  readonly rolearn: string;
}

// Inner keys are matched whatever their case, as Go's JSON decoder does.
const lowerKeys = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner]))
    : value;

const mappings = z.array(
  z.preprocess(
    lowerKeys,
    z.object({
      rolearn: z.string().default(''),
      userarn: z.string().default(''),
      username: z.string().default(''),
      groups: z.array(z.string()).nullish(),
    }),
  ),
);
const accounts = z.array(z.string());

/**
 * The section as the authenticator reads it (aws-iam-authenticator, pkg/mapper/configmap): what
 * does not parse contributes nothing; of two entries for one role the last wins; case is ignored.
 */
export function readMapRoles(section: string | undefined): ReadonlyMap<string, RoleMapping> {
  const read = new Map<string, RoleMapping>();
  for (const { rolearn, username, groups } of parseSection(section, mappings)) {
    read.set(rolearn.toLowerCase(), { rolearn, username, groups: groups ?? [] });
  }
  return read;
}

/** `mapUsers`, as `readMapRoles`. */
export function readMapUsers(section: string | undefined): ReadonlyMap<string, UserMapping> {
  const read = new Map<string, UserMapping>();
  for (const { userarn, username, groups } of parseSection(section, mappings)) {
    read.set(userarn.toLowerCase(), { username, groups: groups ?? [] });
  }
  return read;
}

/** `mapAccounts`: everyone of these accounts is a user of the name of his ARN, in no group. */
export const readMapAccounts = (section: string | undefined): ReadonlySet<string> =>
  new Set(parseSection(section, accounts));

function parseSection<T>(section: string | undefined, schema: z.ZodType<T[]>): readonly T[] {
  if (section === undefined || section.trim() === '') return [];
  try {
    const read = schema.safeParse(parse(section));
    return read.success ? read.data : [];
  } catch {
    return [];
  }
}
