import { z } from 'zod';

const roleArn = z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/[!-~]+$/, 'the ARN of a role');

/** kiam, where somebody else runs it: one that is generated is read from its manifests. */
const kiam = z.strictObject({
  version: z.enum(['v3', 'v4']).default('v4'),
  serverRole: roleArn,
  /** What stands before a role that is no whole ARN. Default: nothing. */
  baseArn: z.string().default(''),
  sessionSeconds: z.int().default(900),
});

/** kube2iam likewise. */
const kube2iam = z.strictObject({
  /** Its flag `--namespace-restrictions`. */
  restricted: z.boolean().default(true),
  format: z.enum(['glob', 'regexp']).default('glob'),
  baseArn: z.string().default(''),
  sessionSeconds: z.int().default(900),
});

export type KiamSettings = z.output<typeof kiam>;
export type Kube2iamSettings = z.output<typeof kube2iam>;

/** What a prior state says of a cluster's nodes. */
export const priorNodes = {
  /** The role of its nodes: whoever reaches their metadata service gets it. Default: they have none. */
  nodeRole: roleArn.optional(),
  /** The role of the nodes that kiam's server runs on. Default: `nodeRole`. */
  kiamServerNodeRole: roleArn.optional(),
  /** Agents that somebody else runs. */
  kiam: kiam.optional(),
  kube2iam: kube2iam.optional(),
};

export interface PriorNodes {
  readonly nodeRole?: string | undefined;
  readonly kiamServerNodeRole?: string | undefined;
  readonly kiam?: KiamSettings | undefined;
  readonly kube2iam?: Kube2iamSettings | undefined;
}
