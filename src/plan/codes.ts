/** Every code that a restart's plan can give. Each is explained in docs/errors.md. */
export const planCodes = ['plan/too-large'] as const;

export type PlanCode = (typeof planCodes)[number];
