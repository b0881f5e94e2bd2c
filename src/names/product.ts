/** What generated objects say of who made them. */
export const product = { name: 'rollcall', version: '0.1.0' } as const;
