import type { Problem } from './diagnostic.ts';

/** Every code that loading a fleet file can give. Each is explained in docs/errors.md. */
export const fleetCodes = [
  // the text
  'fleet/too-large',
  'fleet/encoding',
  'fleet/empty-file',
  'fleet/yaml',
  'fleet/alias',
  'fleet/merge-key',
  'fleet/duplicate-key',
  // the shape
  'fleet/unknown-key',
  'fleet/missing-key',
  'fleet/wrong-type',
  'fleet/unknown-value',
  'fleet/out-of-range',
  'fleet/empty',
  'fleet/exactly-one',
  'fleet/misplaced-key',
  // the form of a value
  'fleet/name',
  'fleet/account-id',
  'fleet/unquoted-account-id',
  'fleet/region',
  'fleet/eks-name',
  'fleet/role-name',
  'fleet/role-template',
  'fleet/external-id',
  'fleet/kubernetes-user',
  'fleet/label',
  'fleet/issuer',
  'fleet/connection',
  'fleet/image',
  'fleet/schedule',
  'fleet/time-zone',
  'fleet/duration',
  'fleet/time-of-day',
  'fleet/failures',
  'fleet/url',
  'fleet/query',
  'fleet/command',
  'fleet/condition',
  'fleet/bucket',
  'fleet/audience',
  'fleet/host-interface',
  'fleet/iam-path',
  'fleet/tag',
  'fleet/action',
  'fleet/resource',
  'fleet/policy-condition',
  'fleet/reason',
  'fleet/principal-arn',
  'fleet/username',
  'fleet/group',
  'fleet/rbac',
  'fleet/access-policy',
  'fleet/repository',
  // what the values mean together
  'fleet/unknown-account',
  'fleet/unknown-cluster',
  'fleet/unknown-service',
  'fleet/unknown-env',
  'fleet/duplicate-name',
  'fleet/duplicate-account-id',
  'fleet/duplicate-cluster',
  'fleet/duplicate-service-account',
  'fleet/duplicate-workload',
  'fleet/repeated-cluster',
  'fleet/repeated',
  'fleet/hub-without-issuer',
  'fleet/hub-without-agent',
  'fleet/migrating-from',
  'fleet/chained-session',
  'fleet/target-role',
  'fleet/source-identity',
  'fleet/delivery',
  'fleet/refused-action',
  'fleet/placeholder',
  'fleet/reserved-user',
  'fleet/reserved-group',
  'fleet/entries-only',
  'fleet/not-in-cluster',
  'fleet/existing-without-role',
  'fleet/overlapping-reach',
  'fleet/empty-selection',
  'fleet/not-reached',
  'fleet/missing-image',
  'fleet/unknown-group',
  'fleet/circular-order',
  'fleet/empty-wave',
  'fleet/unmatched-cluster',
  'fleet/failures-conflict',
  'fleet/empty-window',
  'fleet/run-too-short',
  'fleet/too-many',
] as const;

export type FleetCode = (typeof fleetCodes)[number];

/** What is wrong, without its place. */
export type Fault = Omit<FleetProblem, 'path' | 'atKey'>;

export interface FleetProblem extends Problem {
  readonly code: FleetCode;
}

/** More than this many problems are not worth working out: the rest are left out, and that is said. */
export const mostProblems = 500;

/** Collects problems up to `mostProblems`. */
export class Problems {
  readonly #list: FleetProblem[] = [];
  readonly #seen = new Set<string>();
  #left = 0;

  /** What is found at one place once is not said again: the environments of a service share places. */
  add(problem: FleetProblem): void {
    const id = JSON.stringify([problem.code, problem.path, problem.found]);
    if (this.#seen.has(id)) return;
    if (this.full) this.#left++;
    else {
      this.#seen.add(id);
      this.#list.push(problem);
    }
  }

  /** Asked before a costly message is composed. */
  get full(): boolean {
    return this.#list.length >= mostProblems;
  }

  get list(): readonly FleetProblem[] {
    return this.#list;
  }

  /** Some were left out. */
  get overflowed(): boolean {
    return this.#left > 0;
  }
}
