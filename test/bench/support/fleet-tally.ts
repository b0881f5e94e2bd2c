import { requestInfo } from '../../../src/simulator/kube/request-info.ts';
import type { Place } from '../../../src/simulator/servers/start.ts';
import { hub } from './fleet-file.ts';

/** What the job asks of targets and of AWS for them. `other`: nothing that it should. */
export const targetKinds = [
  'assumeRole',
  'describe',
  'review',
  'list',
  'watch',
  'patch',
  'get',
  'other',
] as const;

/** What the run costs its own hub, and the hub's own identity. */
export const hubKinds = [
  'webIdentity',
  'recordRead',
  'recordWrite',
  'lease',
  'otherOfHub',
] as const;

export type RequestKind = (typeof targetKinds)[number] | (typeof hubKinds)[number];

export interface Count {
  readonly requests: number;
  /** Of them, met by a fault. */
  readonly faults: number;
}

/** A run's requests, as its servers saw them. */
export type Tally = Readonly<Partial<Record<RequestKind, Count>>>;

export interface Asked {
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** Whether it has a signature or a token: AssumeRoleWithWebIdentity has none. */
  readonly signed: boolean;
}

export function kindOf(place: Place, { method, path, signed }: Asked): RequestKind {
  switch (place.kind) {
    case 'sts':
      return signed ? 'assumeRole' : 'webIdentity';
    case 'eks':
      return 'describe';
    case 'cluster': {
      const info = requestInfo(method, path);
      const [verb, resource] = info.kind === 'path' ? [info.verb, ''] : [info.verb, info.resource];
      return place.name === hub ? hubKind(verb, resource) : targetKind(verb, resource);
    }
  }
}

function targetKind(verb: string, resource: string): RequestKind {
  if (resource === 'selfsubjectrulesreviews') return 'review';
  if (resource !== 'deployments') return 'other';
  return targetKinds.find((kind) => kind === verb) ?? 'other';
}

function hubKind(verb: string, resource: string): RequestKind {
  if (resource === 'leases') return 'lease';
  if (resource !== 'configmaps') return 'otherOfHub';
  return verb === 'get' ? 'recordRead' : 'recordWrite';
}

const nothing: Count = { requests: 0, faults: 0 };

export const counted = (tally: Tally, kind: RequestKind, faulty: boolean): Tally => {
  const { requests, faults } = tally[kind] ?? nothing;
  return { ...tally, [kind]: { requests: requests + 1, faults: faults + (faulty ? 1 : 0) } };
};

export const sumOf = (tally: Tally, kinds: readonly RequestKind[]): Count =>
  kinds
    .map((kind) => tally[kind] ?? nothing)
    .reduce((sum, { requests, faults }) => ({
      requests: sum.requests + requests,
      faults: sum.faults + faults,
    }));
