import type { HostFacts } from '../identities/mechanism.ts';
import { mechanisms } from '../identities/mechanisms.ts';
import type { ClusterDraft } from './check-selector.ts';
import type { Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { type IdentityDraft, kindOf } from './identity-draft.ts';

/** Where the way is chosen, where the cluster is, and for whom. */
interface Asked {
  readonly path: FleetPath;
  readonly pathOfHub: FleetPath;
  readonly service: string | undefined;
}

/** The cluster has what the mechanism asks of it. */
export function checkHost(
  identity: IdentityDraft,
  hub: ClusterDraft,
  { path, pathOfHub, service }: Asked,
  problems: Problems,
): void {
  const kind = kindOf(identity);
  const fault = mechanisms[kind].hostFault(factsOf(hub));
  if (!fault) return;
  const byIssuer = kind === 'irsa';
  problems.add({
    code: byIssuer ? 'fleet/hub-without-issuer' : 'fleet/hub-without-agent',
    path: byIssuer ? [...pathOfHub, 'oidcIssuer'] : path,
    found: `${kind} in the cluster ${quoted(hub.name ?? '')}, which has ${fault.found}`,
    expected:
      byIssuer && service !== undefined
        ? `${fault.expected}, such as that of ${quoted(service)}`
        : fault.expected,
    next: fault.next,
  });
}

/** What is at fault itself is told where it stands: here it is there. */
function factsOf(hub: ClusterDraft): HostFacts {
  const { agents } = hub;
  const inDoubt = 'agents' in hub && !agents;
  return {
    ...('oidcIssuer' in hub ? { oidcIssuer: true } : {}),
    ...(inDoubt || (agents && 'kiam' in agents) ? { kiam: true } : {}),
    ...(inDoubt || (agents && 'kube2iam' in agents) ? { kube2iam: true } : {}),
  };
}
