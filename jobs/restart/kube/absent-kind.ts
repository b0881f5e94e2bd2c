import { KubeRefusal, statusMessage } from './classify.ts';
import type { KubeReply } from './request.ts';

/** Stands for the version of a list whose kind the cluster does not have: no list has it. */
export const absentVersion = '0';

/**
 * What an API server says of a path that it does not serve: as text (apiserver,
 * pkg/util/notfoundhandler), or in the words that clients make of it. Anything else with a 404, such
 * as a proxy's page, is no proof that there are none.
 */
const notServed = /^(?:404 page not found|the server could not find the requested resource)\s*$/;

/** Whether a refused list says that the cluster has no such kind: Rollouts, where Argo's CRD is not installed. */
export function isAbsentKind(reply: KubeReply): boolean {
  if (reply.status !== 404) return false;
  const found = statusMessage(reply.body);
  if (notServed.test(found)) return true;
  throw new KubeRefusal({ status: 404, message: found });
}
