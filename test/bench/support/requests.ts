import type { AuditEvent } from './audit-log.ts';

/** Requests of a kind, with what became of them. */
export interface RequestCount {
  readonly verb: string;
  /** `deployments.apps`, `pods/status`; `discovery` for what is no resource. */
  readonly resource: string;
  /** HTTP status. */
  readonly code: number;
  readonly count: number;
}

/** Requests by verb, resource and status, the most frequent first. */
export function countRequests(events: readonly AuditEvent[]): readonly RequestCount[] {
  const counts = new Map<string, RequestCount>();
  for (const event of events) {
    const one = { verb: event.verb, resource: resourceOf(event), code: codeOf(event), count: 1 };
    const key = [one.verb, one.resource, one.code].join(' ');
    counts.set(key, { ...one, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort(
    (a, b) =>
      b.count - a.count || `${a.verb} ${a.resource}`.localeCompare(`${b.verb} ${b.resource}`),
  );
}

export const total = (counts: readonly RequestCount[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);

function resourceOf({ objectRef }: AuditEvent): string {
  if (objectRef?.resource === undefined) return 'discovery';
  const { resource, subresource, apiGroup } = objectRef;
  const whole = apiGroup ? `${resource}.${apiGroup}` : resource;
  return subresource === undefined ? whole : `${whole}/${subresource}`;
}

const codeOf = ({ responseStatus }: AuditEvent): number => responseStatus?.code ?? 0;

export interface Budget {
  /** Workloads: a patch each. */
  readonly patches: number;
  /** Lists and watches: two for each namespace and kind. */
  readonly looks: number;
}

/** One run of the job against its budget. */
export interface BudgetCheck {
  readonly kept: boolean;
  readonly patches: number;
  readonly lists: number;
  readonly watches: number;
  /** Answered with an error, so asked again. */
  readonly retries: number;
  /** Neither patch, list nor watch: access reviews, reading one object. */
  readonly others: number;
}

/** Answered requests count; what was refused or failed counts as a retry, and stands apart. */
export function checkBudget(counts: readonly RequestCount[], budget: Budget): BudgetCheck {
  const answered = counts.filter(({ code }) => code >= 200 && code < 300);
  const of = (verb: string): number => total(answered.filter((one) => one.verb === verb));
  const [patches, lists, watches] = [of('patch'), of('list'), of('watch')];
  return {
    kept: patches === budget.patches && lists + watches <= budget.looks,
    patches,
    lists,
    watches,
    retries: total(counts) - total(answered),
    others: total(answered) - patches - lists - watches,
  };
}
