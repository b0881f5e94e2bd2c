import type { RestartPlan } from './restart-plan.ts';

/** Kubernetes refuses a ConfigMap whose data is larger than this. Bytes (core/validation: MaxSecretSize). */
export const configMapLimit = 1024 * 1024;

/** The plan's text in its ConfigMap. Compact: ten thousand names must fit. */
export const serializePlan = (plan: RestartPlan): string => JSON.stringify(plan);

/** Bytes, as the API server counts them. */
export const planSize = (plan: RestartPlan): number =>
  Buffer.byteLength(serializePlan(plan)) + Buffer.byteLength('plan.json');
