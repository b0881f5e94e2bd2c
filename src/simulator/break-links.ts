/** The links that the demo can break, one at a time. */
export const breakableLinks = [
  'subject',
  'hub-policy',
  'trust',
  'describe',
  'mapping',
  'rbac',
  'gitops-revert',
] as const;

export type BreakableLink = (typeof breakableLinks)[number];
