import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { RestartPlan } from '../../src/plan/restart-plan.ts';
import { hasTargetRole, identity } from './parse-identity.ts';
import { index, strategy, text } from './parse-strategy.ts';

const workloads = z
  .strictObject({
    namespace: text,
    kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout']),
    names: z.array(text),
    selector: z
      .record(text, z.string())
      .refine((labels) => Object.keys(labels).length > 0, { message: 'no label' })
      .optional(),
    after: z.array(index).min(1).optional(),
  })
  .refine(({ names, selector }) => (names.length === 0) === (selector !== undefined), {
    message: 'either names or a selector',
  });

const target = z.strictObject({
  cluster: text,
  eksCluster: text,
  account: z.string().regex(/^\d{12}$/),
  region: text,
  partition: z.enum(['aws', 'aws-cn', 'aws-us-gov']),
  roleArn: text,
  externalId: text.optional(),
  connection: z.strictObject({ endpoint: text, certificateAuthority: text }).optional(),
  wave: index,
  shard: index,
  paused: z.literal(true).optional(),
  workloads: z
    .array(workloads)
    .min(1)
    .refine((all) => all.every(({ after = [] }) => after.every((one) => one < all.length)), {
      message: 'after: no such workloads',
    })
    .refine(isOrdered, { message: 'after: a circle' }),
});

const schema = z
  .strictObject({
    version: z.literal(2),
    fleet: text,
    restart: text,
    service: text,
    cronJob: text,
    identity,
    record: z.strictObject({ namespace: text, configMaps: z.array(text).min(1), lease: text }),
    strategy,
    targets: z
      .array(target)
      .min(1)
      .refine((targets) => new Set(targets.map(({ cluster }) => cluster)).size === targets.length, {
        message: 'a cluster stands there twice',
      }),
  })
  .refine(({ strategy, targets }) => targets.every(({ wave }) => wave < strategy.waves.length), {
    path: ['targets'],
    message: 'wave: the strategy has no such wave',
  })
  .refine(({ record, targets }) => targets.every(({ shard }) => shard < record.configMaps.length), {
    path: ['targets'],
    message: 'shard: the record has no such ConfigMap',
  })
  .refine(({ identity, targets }) => !hasTargetRole(identity) || hasOneRole(targets), {
    path: ['targets'],
    message: "roleArn: with the identity's targetRole every target has the one role",
  });

const hasOneRole = (targets: readonly { readonly roleArn: string }[]): boolean =>
  new Set(targets.map(({ roleArn }) => roleArn)).size === 1;

/** Nothing comes after itself, by however many steps: each pass takes what waits for nothing more. */
function isOrdered(all: readonly { readonly after?: readonly number[] | undefined }[]): boolean {
  let waiting = [...all.entries()];
  for (;;) {
    const open = new Set(waiting.map(([at]) => at));
    const left = waiting.filter(([, { after = [] }]) => after.some((one) => open.has(one)));
    if (left.length === waiting.length) return left.length === 0;
    waiting = left;
  }
}

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
