import type { Fleet } from '../fleet/model.ts';
import type { ProviderNode, RoleNode } from './graph.ts';

/** The OIDC providers that roles trust: one for each issuer and account. */
export function planProviders(fleet: Fleet, roles: readonly RoleNode[]): readonly ProviderNode[] {
  const providers = new Map<string, ProviderNode>();
  for (const { account, partition, trusts, path } of roles) {
    for (const trust of trusts) {
      if (trust.kind !== 'web-identity') continue;
      const arn = trust.providerArn;
      const known = providers.get(arn);
      const cluster = fleet.clusters.find(({ oidcIssuer }) => oidcIssuer === trust.issuer);
      const clientIds = [...new Set([...(known?.clientIds ?? []), trust.audience])].sort();
      providers.set(arn, {
        arn,
        account,
        partition,
        issuer: trust.issuer,
        clientIds,
        ownership: cluster?.existingOidcProviders.includes(account) ? 'existing' : 'rollcall',
        path: known?.path ?? path,
      });
    }
  }
  return [...providers.values()];
}
