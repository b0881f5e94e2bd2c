import type { WorldCluster } from '../load/cluster.ts';
import type { KiamSettings } from '../load/prior-nodes.ts';
import {
  assumed,
  credentialsAnswer,
  goError,
  namespaceAnnotation,
  noCredentials,
  nodeSession,
  text,
} from './node-credentials.ts';
import type { Assumed, MetadataAgent, NodeAnswer, NodeWorld } from './node-credentials.ts';
import type { RunningPod } from './running-pod.ts';

/**
 * kiam's agent and server for one pod (uswitch/kiam, pkg/aws/metadata and pkg/server of v4.2; of
 * v3.6 where they differ).
 */
export function kiam(
  world: NodeWorld,
  cluster: WorldCluster,
  pod: RunningPod,
  settings: KiamSettings,
): MetadataAgent {
  const annotated = pod.annotations['iam.amazonaws.com/role'] ?? '';
  return {
    list: () => (annotated === '' ? goError(404, 'empty role') : text(200, annotated)),
    credentials(requested) {
      const refusal = forbidden(cluster, pod, settings, { annotated, requested });
      if (refusal) return refusal;
      const result = assume(world, cluster, pod, settings, resolve(requested, settings).arn);
      if (result.kind === 'session') return credentialsAnswer(result.session, world.clock.now());
      const { code, message, status } = result.error;
      return fetchError(
        `rpc error: code = Unknown desc = ${code}: ${message}\n\tstatus code: ${status}, request id: none`,
      );
    },
  };
}

const fetchError = (message: string): NodeAnswer =>
  goError(500, `error fetching credentials: ${message}`);

/** The server says why in its log and in an event; the pod is told no more than this. */
const byPolicy = fetchError('forbidden by policy');

/** pkg/server/policy.go: the pod asks for its own role, and its namespace permits it. */
function forbidden(
  cluster: WorldCluster,
  { namespace }: RunningPod,
  settings: KiamSettings,
  { annotated, requested }: { readonly annotated: string; readonly requested: string },
): NodeAnswer | undefined {
  if (annotated === '' || requested === '') return fetchError("role can't be empty");
  const [own, asked] = [resolve(annotated, settings), resolve(requested, settings)];
  const same = own.arn === asked.arn && (settings.version === 'v3' || own.name === asked.name);
  if (!same) return byPolicy;
  const expression = namespaceAnnotation(cluster, namespace, 'iam.amazonaws.com/permitted');
  if (expression === '') return byPolicy;
  const whole = settings.version === 'v4' ? `^${expression}$` : expression;
  try {
    const matches = new RegExp(whole).test(settings.version === 'v4' ? asked.arn : requested);
    return matches ? undefined : byPolicy;
  } catch {
    return fetchError(`rpc error: code = Unknown desc = error parsing regexp: ${expression}`);
  }
}

/** pkg/aws/sts/arn_resolver.go. */
function resolve(
  role: string,
  { baseArn }: KiamSettings,
): { readonly arn: string; readonly name: string } {
  if (role.startsWith('arn:')) {
    const resource = role.split(':').slice(5).join(':');
    return { arn: role, name: resource.replace(/^role\//, '') };
  }
  const name = role.replace(/^\//, '');
  return { arn: `${baseArn}${name}`, name };
}

/** The node's role becomes the server's, and that the pod's: two hops, each of which may be refused. */
function assume(
  world: NodeWorld,
  { nodes }: WorldCluster,
  pod: RunningPod,
  { serverRole, sessionSeconds }: KiamSettings,
  roleArn: string,
): Assumed {
  const node = nodeSession(world, nodes.kiamServerNodeRole ?? nodes.nodeRole);
  if (!node) return { kind: 'refused', error: noCredentials };
  const server = assumed(() =>
    world.sts.assumeRole(node, { roleArn: serverRole, roleSessionName: 'kiam-server' }),
  );
  if (server.kind === 'refused') return server;
  const externalId = pod.annotations['iam.amazonaws.com/external-id'];
  const sessionName = `kiam-${pod.annotations['iam.amazonaws.com/session-name'] ?? 'kiam'}`;
  return assumed(() =>
    world.sts.assumeRole(server.session, {
      roleArn,
      roleSessionName: sessionName.slice(0, 63).replace(/[^\w+=,.@-]/g, '-'),
      durationSeconds: sessionSeconds,
      ...(externalId === undefined ? {} : { externalId }),
    }),
  );
}
