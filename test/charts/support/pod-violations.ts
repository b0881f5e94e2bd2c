/** Of a pod what Pod Security looks at (kubernetes.io, "Pod Security Standards"), and whose it is. */
export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly hostUsers?: boolean;
  readonly securityContext?: SecurityContext;
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly securityContext?: SecurityContext;
  readonly ports?: readonly { readonly hostPort?: number }[];
}

interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly procMount?: string;
  readonly sysctls?: unknown;
  readonly seLinuxOptions?: unknown;
  readonly appArmorProfile?: unknown;
  readonly seccompProfile?: { readonly type: string };
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

const harmlessVolumes = ['configMap', 'emptyDir', 'projected'];

/**
 * All by which a pod is more than Pod Security's `restricted` allows, and by which it reads a Secret or
 * writes to its image's files.
 */
export function beyondRestricted(pod: PodSpec): readonly string[] {
  const { initContainers = [], ephemeralContainers = [], volumes = [] } = pod;
  const containers = [...pod.containers, ...initContainers, ...ephemeralContainers];
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => pod[key] === true),
    ...volumes.flatMap(volumeBeyond),
    ...containers.flatMap((one) => containerBeyond(one, pod.securityContext ?? {})),
    ...[pod, ...containers].flatMap(({ securityContext = {} }) => contextBeyond(securityContext)),
  ];
}

const volumeBeyond = ({ name, ...source }: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(source)
    .filter(([kind, of]) => !harmlessVolumes.includes(kind) || /"secret"/.test(JSON.stringify(of)))
    .map(([kind, of]) => `${kind} ${JSON.stringify(of)} as ${String(name)}`);

function containerBeyond(container: Container, ofPod: SecurityContext): readonly string[] {
  const { securityContext: own = {}, ports = [] } = container;
  const seccomp = own.seccompProfile ?? ofPod.seccompProfile;
  const nonRoot = own.runAsNonRoot ?? ofPod.runAsNonRoot;
  const user = own.runAsUser ?? ofPod.runAsUser;
  return [
    ...(nonRoot === true && user !== 0 ? [] : ['root']),
    ...(seccomp?.type === 'RuntimeDefault' ? [] : ['no seccomp']),
    ...(own.allowPrivilegeEscalation === false ? [] : ['more privileges than it has']),
    ...(own.readOnlyRootFilesystem === true ? [] : ['a root that it writes to']),
    ...(/"secret(Key)?Ref"/.test(JSON.stringify(container)) ? ['a Secret in its environment'] : []),
    ...(own.capabilities?.drop?.includes('ALL') ? [] : ['capabilities that it keeps']),
    ...ports.flatMap(({ hostPort }) => (hostPort === undefined ? [] : [`hostPort ${hostPort}`])),
  ];
}

const contextBeyond = (context: SecurityContext): readonly string[] => [
  ...(context.privileged ? ['privileged'] : []),
  ...(context.capabilities?.add ?? []),
  ...(['procMount', 'sysctls', 'seLinuxOptions', 'appArmorProfile'] as const).filter(
    (key) => context[key] !== undefined,
  ),
];

const hostNetwork = ['hostNetwork', 'root', 'NET_ADMIN', 'NET_RAW'];
const xtablesLock = 'hostPath {"path":"/run/xtables.lock","type":"FileOrCreate"} as xtables-lock';
const secret = (secretName: string, defaultMode: number) =>
  `secret ${JSON.stringify({ defaultMode, secretName })} as tls`;

/** What the agents of nodes can't do without: rules of the host's network, and their own certificate. */
const agents: Readonly<Record<string, readonly string[]>> = {
  'kiam.k8s.yaml kiam-server': [secret('kiam-server-tls', 0o440)],
  'kiam.k8s.yaml kiam-agent': [...hostNetwork, xtablesLock, secret('kiam-agent-tls', 0o400)],
  'kube2iam.k8s.yaml kube2iam': [...hostNetwork, xtablesLock],
};

/** Who asks its own cluster's API server for something. */
const readers = ['kiam-server', 'kube2iam'];

/** A pod that may do more than it needs, or less. */
export function podViolations(
  pod: PodSpec,
  at: { readonly chart: string; readonly kind: string; readonly name: string },
): readonly string[] {
  const needs = at.kind === 'DaemonSet' ? (agents[`${at.chart} ${at.name}`] ?? []) : [];
  const beyond = beyondRestricted(pod);
  const asks = at.kind === 'CronJob' || (at.kind === 'DaemonSet' && readers.includes(at.name));
  return [
    ...beyond.filter((one) => !needs.includes(one)).map((one) => `beyond restricted: ${one}`),
    ...needs.filter((one) => !beyond.includes(one)).map((one) => `lacks what it needs: ${one}`),
    ...(pod.automountServiceAccountToken === asks ? [] : ['a token that it has no use for']),
  ];
}
