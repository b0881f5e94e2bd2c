/** A file in Terraform's JSON syntax, as far as it is written here. */
export type Block = Readonly<Record<string, unknown>>;

/**
 * A text that stands for itself: in JSON syntax every string is a template, in which `${` and `%{`
 * begin an expression (Terraform language documentation, "JSON Configuration Syntax").
 */
export const literal = (text: string): string => text.replace(/[$%](?=\{)/g, '$&$&');

/** Every text in a value as itself, keys too. */
export function literals(value: unknown): unknown {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return value.map(literals);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [literal(key), literals(inner)]),
  );
}

export const requiredTerraform = '>= 1.5';

/** The AWS provider since it knows `target_role_arn` and `disable_session_tags`, below its next major. */
export const awsProvider = { source: 'hashicorp/aws', version: '>= 6.4.0, < 7.0.0' } as const;

/** `eu-west-1` → `eu_west_1`: the name by which a module knows the provider of a region. */
export const regionAlias = (region: string): string => region.replaceAll('-', '_');

export const accountAlias = (account: string): string => `account_${account}`;

export const accountRegionAlias = (account: string, region: string): string =>
  `${accountAlias(account)}_${regionAlias(region)}`;
