import * as z from 'zod';
import { text } from './parse-strategy.ts';

const common = { roleArn: text, region: text };
const chained = {
  ...common,
  /** STS API reference, AssumeRole: SourceIdentity. */
  sourceIdentity: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/)
    .optional(),
};

/** `identity` of a plan: mirrors `PlannedIdentity`. */
export const identity = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('irsa'), ...chained }),
    z.strictObject({
      kind: z.literal('irsa-direct'),
      region: text,
      sessionSeconds: z.int().min(900).max(43_200),
    }),
    z.strictObject({
      kind: z.literal('eks-pod-identity'),
      ...chained,
      targetRole: z.boolean(),
    }),
    z.strictObject({ kind: z.literal('kiam'), ...chained }),
    z.strictObject({ kind: z.literal('kube2iam'), ...chained }),
  ])
  .refine((one) => !hasTargetRole(one) || !('sourceIdentity' in one), {
    message: 'sourceIdentity: with targetRole the job makes no hop that would set it',
  });

/** The credentials that the agent gives are the one target role's already. */
export const hasTargetRole = (one: { readonly kind: string; readonly targetRole?: boolean }) =>
  one.kind === 'eks-pod-identity' && one.targetRole === true;
