/** Every code of constructs’ own: for the rest the rules of the fleet file hold. Each is explained in docs/errors.md. */
export const constructCodes = [
  'construct/role-arn',
  'construct/role-partition',
  'construct/no-namespace',
  'construct/other-namespace',
  'construct/same-object',
] as const;
