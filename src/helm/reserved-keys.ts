import type { JsonObject } from './json.ts';

/** Keys that a user's labels or annotations may not have. */
export interface ReservedKeys {
  /** Prefixes: these, and all domains below them. */
  readonly domains: readonly string[];
  /** Keys of other domains, or of none. */
  readonly keys: readonly string[];
  /** What other keys begin with. */
  readonly beginnings: readonly string[];
  /** At least one of each. */
  readonly examples: readonly string[];
}

/**
 * Kubernetes keeps `kubernetes.io/` and `k8s.io/` for itself (kubernetes.io, "Labels and Selectors"), and
 * among them are the labels that our selectors use, Pod Security's levels, and
 * `rbac.authorization.k8s.io/aggregate-to-…`, which would add our rights to a role of everyone's. Jobs set
 * two without a prefix on their pods.
 */
export const labelKeys: ReservedKeys = {
  domains: ['kubernetes.io', 'k8s.io', 'amazonaws.com', 'helm.sh', 'rollcall.dev'],
  keys: ['job-name', 'controller-uid'],
  beginnings: [],
  examples: [
    'app.kubernetes.io/name',
    'pod-security.kubernetes.io/enforce',
    'rbac.authorization.k8s.io/aggregate-to-admin',
    'eks.amazonaws.com/fargate-profile',
    'helm.sh/chart',
    'rollcall.dev/run',
    'job-name',
    'controller-uid',
  ],
};

/**
 * By which somebody is given an AWS role, a restart is known, an applier is told to keep an object, to
 * let go of it or when to apply it, a pod's security profile is chosen, another network is given to it
 * (Multus; no NetworkPolicy holds there), or its container runtime gives it devices or more (CRI-O,
 * `allowed_annotations`).
 */
export const annotationKeys: ReservedKeys = {
  domains: [
    'amazonaws.com',
    'rollcall.dev',
    'helm.sh',
    'kubectl.kubernetes.io',
    'batch.kubernetes.io',
    'pod-security.kubernetes.io',
    'security.alpha.kubernetes.io',
    'security.beta.kubernetes.io',
    'kustomize.toolkit.fluxcd.io',
    'argoproj.io',
    'cni.cncf.io',
    'multus-cni.io',
  ],
  keys: [],
  beginnings: ['io.kubernetes.cri-o'],
  examples: [
    'eks.amazonaws.com/role-arn',
    'iam.amazonaws.com/role',
    'iam.amazonaws.com/permitted',
    'rollcall.dev/run',
    'helm.sh/hook',
    'meta.helm.sh/release-name',
    'kubectl.kubernetes.io/restartedAt',
    'batch.kubernetes.io/cronjob-scheduled-timestamp',
    'pod-security.kubernetes.io/enforce',
    'container.seccomp.security.alpha.kubernetes.io/restart',
    'container.apparmor.security.beta.kubernetes.io/restart',
    'kustomize.toolkit.fluxcd.io/prune',
    'argocd.argoproj.io/sync-options',
    'argocd.argoproj.io/hook',
    'notifications.argoproj.io/subscribe.on-deployed.slack',
    'cni.cncf.io/networks',
    'k8s.v1.cni.cncf.io/networks',
    'v1.multus-cni.io/default-network',
    'io.kubernetes.cri-o.Devices',
    'io.kubernetes.cri-o.UnifiedCgroup/restart',
  ],
};

/**
 * As `patternProperties`. Not `propertyNames`, whose errors Helm's validator places anywhere (seen with
 * Helm v3.22).
 */
export const refusing = ({ domains, keys, beginnings }: ReservedKeys): JsonObject =>
  Object.fromEntries(
    [
      ...domains.map((domain) => `^(?:.*\\.)?${literally(domain)}/`),
      ...keys.map((key) => `^${literally(key)}$`),
      ...beginnings.map((text) => `^${literally(text)}`),
    ].map((pattern) => [pattern, false] as const),
  );

const literally = (text: string): string => text.replaceAll('.', '\\.');
