import type { Problem } from '../fleet/diagnostic.ts';

/** Every code that rendering IAM documents can give. Each is explained in docs/errors.md. */
export const iamCodes = [
  'iam/trust-too-large',
  'iam/permissions-too-large',
  'iam/dynamic-reference',
] as const;

export interface IamProblem extends Problem {
  readonly code: (typeof iamCodes)[number];
}
