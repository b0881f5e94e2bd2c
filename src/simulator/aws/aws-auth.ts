import { parse } from 'yaml';
import { z } from 'zod';

/** One entry of aws-auth's `mapRoles`. */
export interface RoleMapping {
  readonly rolearn: string;
  readonly username: string;
  readonly groups: readonly string[];
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
      username: z.string().default(''),
      groups: z.array(z.string()).nullish(),
    }),
  ),
);

/**
 * The section as the authenticator reads it (aws-iam-authenticator, pkg/mapper/configmap): what
 * does not parse contributes nothing; of two entries for one role the last wins; case is ignored.
 */
export function readMapRoles(section: string | undefined): ReadonlyMap<string, RoleMapping> {
  const read = new Map<string, RoleMapping>();
  for (const { rolearn, username, groups } of parseSection(section)) {
    read.set(rolearn.toLowerCase(), { rolearn, username, groups: groups ?? [] });
  }
  return read;
}

function parseSection(section: string | undefined): z.output<typeof mappings> {
  if (section === undefined || section.trim() === '') return [];
  try {
    const read = mappings.safeParse(parse(section));
    return read.success ? read.data : [];
  } catch {
    return [];
  }
}
