import { planAccess } from '../../../src/access/plan-access.ts';
import type { AccessGraph } from '../../../src/access/graph.ts';
import { fleetOf, graphOfFleet } from './plan.ts';

/** A fleet file's parts; what is left out is empty, but for the clusters. */
export interface Parts {
  readonly clusters?: readonly object[];
  readonly services?: readonly object[];
  readonly users?: readonly object[];
  readonly iam?: object;
  readonly restarts?: readonly object[];
}

const issuer = (id: number) => `https://oidc.example.com/id/${id}`;
export const region = 'eu-west-1';
export const hub = { name: 'hub', account: 'ours', region, oidcIssuer: issuer(1) };
export const hub2 = { name: 'hub2', account: 'ours', region, oidcIssuer: issuer(2) };
export const golf = { name: 'golf', account: 'golf', region };
export const golf2 = { name: 'golf2', account: 'golf', region };
export const china = { name: 'china', account: 'china', region: 'cn-north-1' };
export const one = { name: 'one', env: 'prd', cluster: 'hub', namespace: 'n1' };
export const two = { name: 'two', env: 'prd', cluster: 'hub', namespace: 'n2' };
export const shared = { clusters: ['golf'], role: 'app' };
export const app = 'arn:aws:iam::000000000002:role/app';
export const admin = 'arn:aws:iam::000000000002:role/admin';
export const kiam = { kiam: { serverRole: 'kiam-server', nodeRole: 'nodes' } };
export const byKiam = { podIdentity: 'kiam' };

export const fleetWith = ({ clusters, services, users, iam, restarts }: Parts) =>
  fleetOf(
    JSON.stringify({
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'Fleet',
      name: 'fleet',
      accounts: { ours: '000000000001', golf: '000000000002', china: '000000000003' },
      clusters: clusters ?? [hub, hub2, golf, golf2, china],
      services: services ?? [],
      users: users ?? [],
      iam: iam ?? {},
      ...(restarts && { restarts, image: 'registry.example.com/rollcall:1' }),
    }),
  );

export const problemsOf = (parts: Parts) => {
  const planned = planAccess(fleetWith(parts));
  return planned.kind === 'graph' ? [] : planned.problems;
};

export const graphWith = (parts: Parts): AccessGraph => graphOfFleet(fleetWith(parts));
