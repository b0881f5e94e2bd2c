import type { WorldCluster } from '../../../../src/simulator/load/world.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { permissionAsked, readAudit, type Audited } from './audit.ts';
import { allowedBeyond, permissionsOf, type Subject } from './permissions.ts';

/** Who is known in a cluster by what was generated: who is mapped there, and in a hub who the job is. */
export const subjectsOf = (
  generated: WorldCluster | undefined,
  hubUser?: string,
): readonly Subject[] => [
  ...(hubUser === undefined ? [] : [{ username: hubUser, groups: [] }]),
  ...(generated?.fragment?.mapRoles ?? []),
];

/** What a subject may do in all namespaces that others of its kind may not, one verb on one name a line. */
export async function rightsOf(cluster: RealCluster, subject: Subject): Promise<readonly string[]> {
  const may: string[] = [];
  for (const { metadata } of await cluster.admin.list('/api/v1/namespaces')) {
    const other = unbound(subject.username);
    may.push(...(await allowedBeyond(cluster, metadata.name, subject, other)));
  }
  return may.sort();
}

/** Of the same kind, and bound to nothing. */
const unbound = (username: string): string =>
  username.startsWith('system:serviceaccount:') ? username.replace(/[^:]+$/, 'unbound') : 'unbound';

/** What the job asked of a cluster. */
export const askedOf = ({ server }: RealCluster): readonly Audited[] =>
  readAudit(server.auditLog).filter(({ userAgent }) => userAgent?.startsWith('rollcall/'));

/** Rights that were generated for a cluster and that the job has not used. */
export function unusedRights(
  cluster: RealCluster,
  generated: WorldCluster | undefined,
): readonly string[] {
  const asked = askedOf(cluster);
  return [...permissionsOf(generated?.manifests ?? [])].flatMap(([user, rights]) => {
    const used = asked.filter((event) => event.user.username === user).map(permissionAsked);
    // A right without a name is used by any name.
    return rights.filter(
      (right) => !used.some((one) => one === right || one.startsWith(`${right}/`)),
    );
  });
}

/** What the job was refused. */
export const refusals = (events: readonly Audited[]): readonly string[] =>
  events
    .filter(({ responseStatus }) => [401, 403].includes(responseStatus?.code ?? 0))
    .map(permissionAsked);
