import * as z from 'zod';

export const text = z.string().min(1);
/** Of something in a list. */
export const index = z.int().nonnegative();
const count = z.int().positive();
/** More than none. */
const seconds = z.int().positive();
const minuteOfDay = z.int().min(0).max(1439);

const check = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('condition'),
    apiVersion: text,
    resource: text,
    namespace: text.optional(),
    name: text,
    type: text,
    status: z.enum(['True', 'False', 'Unknown']),
  }),
  z.strictObject({ kind: z.literal('prometheus'), url: text, query: text }),
]);

const gate = z.discriminatedUnion('kind', [
  z.strictObject({ timeoutSeconds: seconds, kind: z.literal('approval') }),
  z.strictObject({ timeoutSeconds: seconds, kind: z.literal('check'), check }),
  z.strictObject({
    timeoutSeconds: seconds,
    kind: z.literal('job'),
    image: text,
    command: z.array(z.string()),
  }),
]);

const wave = z.strictObject({
  name: text,
  soakSeconds: z.int().nonnegative(),
  gates: z.array(gate),
});

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
};

const window = z.strictObject({
  timeZone: z.string().refine(isTimeZone, { message: 'not a time zone that this runtime knows' }),
  days: z.array(z.int().min(0).max(6)).min(1),
  from: minuteOfDay,
  to: minuteOfDay,
});

/** Mirrors `RestartStrategy`. */
export const strategy = z.strictObject({
  preflight: z.enum(['each', 'all']),
  waves: z
    .array(wave)
    .min(1)
    .refine((waves) => new Set(waves.map(({ name }) => name)).size === waves.length, {
      message: 'a wave stands there twice',
    }),
  maxConcurrentClusters: count,
  maxConcurrentRollouts: count,
  maxConcurrentRolloutsOverall: count.optional(),
  failureBudget: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('count'), count: z.int().nonnegative() }),
      z.strictObject({ kind: z.literal('percent'), percent: z.number().min(0).max(100) }),
    ])
    .optional(),
  timeoutSeconds: seconds,
  clusterTimeoutSeconds: seconds.optional(),
  runTimeoutSeconds: seconds.optional(),
  windows: z.array(window),
  minIntervalSeconds: seconds.optional(),
  stormBreaker: z.strictObject({ runs: count, withinSeconds: seconds }).optional(),
  blockers: z.array(check),
  blockerTimeoutSeconds: seconds,
  settleSeconds: seconds.optional(),
  evictOnDelete: z.boolean(),
  diagnostics: z.boolean(),
  argoRollouts: z.boolean(),
});
