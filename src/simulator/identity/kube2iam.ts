import type { WorldCluster } from '../load/cluster.ts';
import type { Kube2iamSettings } from '../load/prior-nodes.ts';
import {
  assumed,
  credentialsAnswer,
  goError,
  namespaceAnnotation,
  noCredentials,
  nodeSession,
  text,
} from './node-credentials.ts';
import type { MetadataAgent, NodeAnswer, NodeWorld } from './node-credentials.ts';
import type { RunningPod } from './running-pod.ts';

const podIp = '10.0.0.1';

/** kube2iam for one pod (jtblin/kube2iam, server/server.go, mappings/mapper.go and iam/iam.go). */
export function kube2iam(
  world: NodeWorld,
  cluster: WorldCluster,
  pod: RunningPod,
  settings: Kube2iamSettings,
): MetadataAgent {
  const { baseArn } = settings;
  const mapped = mapping(cluster, pod, settings);
  return {
    list() {
      if (mapped.kind === 'refused') return mapped.answer;
      const { role } = mapped;
      const short = baseArn !== '' && role.startsWith(baseArn);
      return text(200, short ? role.slice(baseArn.length) : role);
    },
    credentials(wanted) {
      if (mapped.kind === 'refused') return mapped.answer;
      if (roleArn(wanted, settings) !== mapped.role) return goError(403, `Invalid role ${wanted}`);
      return assume(world, cluster, pod, settings, mapped.role);
    },
  };
}

type Mapped =
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'refused'; readonly answer: NodeAnswer };

function mapping(cluster: WorldCluster, pod: RunningPod, settings: Kube2iamSettings): Mapped {
  const annotated = pod.annotations['iam.amazonaws.com/role'];
  if (annotated === undefined) {
    return { kind: 'refused', answer: goError(404, `unable to find role for IP ${podIp}`) };
  }
  const role = roleArn(annotated, settings);
  if (isAllowed(cluster, pod, settings, role)) return { kind: 'role', role };
  const message = `role requested ${role} not valid for namespace of pod at ${podIp} with namespace ${pod.namespace}`;
  return { kind: 'refused', answer: goError(404, message) };
}

/** iam/arn.go: the patterns of namespaces go through it too. */
const roleArn = (role: string, { baseArn }: Kube2iamSettings): string =>
  /^arn:/i.test(role) ? role : `${baseArn}${role}`;

function isAllowed(
  cluster: WorldCluster,
  { namespace }: RunningPod,
  settings: Kube2iamSettings,
  role: string,
): boolean {
  if (!settings.restricted) return true;
  const value = namespaceAnnotation(cluster, namespace, 'iam.amazonaws.com/allowed-roles');
  return readList(value).some((one) => {
    const pattern = roleArn(one, settings);
    return settings.format === 'glob' ? glob(pattern, role) : search(pattern, role);
  });
}

/**
 * What is no JSON, or no list, allows nothing, and is only logged; of a list what is no text is left
 * out (namespace.go, and Go's encoding/json, which decodes the rest).
 */
function readList(value: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

/** ryanuber/go-glob: `*` is any text, and nothing else is special. */
function glob(pattern: string, role: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return role === pattern;
  if (!role.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = role.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return role.length - last.length >= from && role.endsWith(last);
}

/** Go's `regexp.MatchString`: it is anchored nowhere. */
function search(pattern: string, role: string): boolean {
  try {
    return new RegExp(pattern).test(role);
  } catch {
    return false;
  }
}

function assume(
  world: NodeWorld,
  { nodes }: WorldCluster,
  pod: RunningPod,
  { sessionSeconds }: Kube2iamSettings,
  role: string,
): NodeAnswer {
  const node = nodeSession(world, nodes.nodeRole);
  if (!node) return goError(500, `operation error STS: AssumeRole, ${noCredentials.message}`);
  const externalId = pod.annotations['iam.amazonaws.com/external-id'];
  const result = assumed(() =>
    world.sts.assumeRole(node, {
      roleArn: role,
      roleSessionName: `0a000001-${role.slice(role.lastIndexOf('/') + 1)}`.slice(0, 64),
      // Twice what it keeps the credentials for.
      durationSeconds: 2 * sessionSeconds,
      ...(externalId === undefined || externalId === '' ? {} : { externalId }),
    }),
  );
  if (result.kind === 'session') return credentialsAnswer(result.session, world.clock.now());
  const { status, code, message } = result.error;
  return goError(
    500,
    `operation error STS: AssumeRole, https response error StatusCode: ${status}, RequestID: none, api error ${code}: ${message}`,
  );
}
