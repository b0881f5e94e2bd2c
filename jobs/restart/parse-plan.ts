import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RestartPlan } from '../../src/plan/restart-plan.ts';

const text = z.string().min(1);
const count = z.int().positive();

const sizeOf = (
  targets: readonly { workloads: readonly { names: readonly string[] }[] }[],
): number => targets.flatMap(({ workloads }) => workloads.flatMap(({ names }) => names)).length;

const schema = z
  .strictObject({
    version: z.literal(1),
    fleet: text,
    restart: text,
    service: text,
    cronJob: text,
    identity: z.strictObject({ kind: z.literal('irsa'), roleArn: text, region: text }),
    record: z.strictObject({
      namespace: text,
      configMaps: z.array(text).min(1),
      perShard: count,
    }),
    strategy: z.strictObject({
      maxConcurrentClusters: count,
      maxConcurrentRollouts: count,
      timeoutSeconds: count,
    }),
    targets: z
      .array(
        z.strictObject({
          cluster: text,
          eksCluster: text,
          account: z.string().regex(/^\d{12}$/),
          region: text,
          partition: z.enum(['aws', 'aws-cn', 'aws-us-gov']),
          roleArn: text,
          externalId: text.optional(),
          connection: z.strictObject({ endpoint: text, certificateAuthority: text }).optional(),
          workloads: z
            .array(
              z.strictObject({
                namespace: text,
                kind: z.literal('Deployment'),
                names: z.array(text).min(1),
              }),
            )
            .min(1),
        }),
      )
      .min(1)
      .refine((targets) => new Set(targets.map(({ cluster }) => cluster)).size === targets.length, {
        message: 'a cluster stands there twice',
      }),
  })
  .refine(({ record, targets }) => record.configMaps.length * record.perShard >= sizeOf(targets), {
    path: ['record'],
    message:
      'more workloads than the ConfigMaps hold: configMaps × perShard must reach their number',
  });

export type ParsedPlan =
  | { readonly kind: 'plan'; readonly plan: RestartPlan; readonly digest: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** Reads a plan's JSON. The digest (SHA-256 of the text) tells one plan from another. */
export function parsePlan(json: string): ParsedPlan {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { kind: 'invalid', message: `not JSON: ${(error as Error).message}` };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { kind: 'invalid', message: z.prettifyError(parsed.error) };
  // The schema mirrors RestartPlan; brands (account ids, ARNs) are the generator's promise.
  return {
    kind: 'plan',
    plan: parsed.data as unknown as RestartPlan,
    digest: createHash('sha256').update(json).digest('hex'),
  };
}
