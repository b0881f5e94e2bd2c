import { isAccountId, isRegion, parseRoleArn, type AccountId, type Region } from '../names/arn.ts';
import { isApiEndpoint, isCertificateAuthority } from '../names/endpoint.ts';
import { isEksClusterName } from '../names/kubernetes.ts';
import type { ClusterFacts, LeftOut } from './facts.ts';

/** A context, as far as it tells an EKS cluster. */
export interface KubeContext {
  readonly name: string;
  /** Of the entry under `clusters`. */
  readonly cluster: string;
  readonly server: string;
  /** PEM, base64-encoded. */
  readonly certificateAuthority?: string;
  /** The command that gets a token, such as `aws`, with its arguments. */
  readonly exec?: { readonly command: string; readonly args: readonly string[] };
}

export type ContextFacts =
  | { readonly kind: 'eks'; readonly facts: ClusterFacts }
  | { readonly kind: 'left-out'; readonly leftOut: LeftOut };

/** What a part of a context says. */
interface Said {
  readonly eksCluster?: string;
  readonly region?: string;
  readonly account?: string;
}

/**
 * Which EKS cluster a context leads to: by the name that `aws eks update-kubeconfig` or eksctl gives
 * the cluster, by the arguments of `aws eks get-token` or aws-iam-authenticator, and by EKS' host
 * names. Where two of these disagree, none is believed.
 */
export function factsOfContext(context: KubeContext): ContextFacts {
  const what = `context ${context.name}`;
  const token = saidByToken(context.exec);
  const all = [saidByName(context.cluster), saidByName(context.name), token, saidByHost(context)];
  const region = agreed(all, 'region', isRegion);
  const eksCluster = agreed(all, 'eksCluster', isEksClusterName);
  const account = agreed(all, 'account', isAccountId);
  if (all.every((one) => Object.keys(one).length === 0)) {
    return leftOut(what, 'it names no EKS cluster', 'Nothing, if it leads to another kind.');
  }
  for (const [name, values] of Object.entries({ region, eksCluster, account })) {
    if (values.length < 2) continue;
    const why = `its parts name two: ${name} ${values.join(' and ')}`;
    return leftOut(what, why, 'Write it anew by `aws eks update-kubeconfig`.');
  }
  if (region.length === 0 || eksCluster.length === 0) {
    const missing = region.length === 0 ? 'region' : 'cluster’s name in EKS';
    return leftOut(
      what,
      `it does not tell the ${missing}`,
      'Write it anew by `aws eks update-kubeconfig`.',
    );
  }
  const { server, certificateAuthority } = context;
  const isEks = isApiEndpoint(server) && saidByHost(context).region !== undefined;
  const roleAccount = parseRoleArn(token.role ?? '')?.account;
  const facts: ClusterFacts = {
    source: `${what} of the kubeconfig`,
    eksCluster: eksCluster[0] ?? '',
    region: region[0] as Region,
    ...(account[0] !== undefined && { account: account[0] as AccountId }),
    ...(roleAccount !== undefined && { roleAccount }),
    ...(isEks && { endpoint: server }),
    ...(isEks &&
      certificateAuthority !== undefined &&
      isCertificateAuthority(certificateAuthority) && { certificateAuthority }),
  };
  return { kind: 'eks', facts };
}

const leftOut = (what: string, why: string, next: string): ContextFacts => ({
  kind: 'left-out',
  leftOut: { what, why, next },
});

/** The values that are well-formed, each once. What is not is no statement at all. */
const agreed = (
  all: readonly Said[],
  key: keyof Said,
  test: (text: string) => boolean,
): readonly string[] => [
  ...(new Set(
    all.map((one) => one[key]).filter((value) => value !== undefined && test(value)),
  ) as Set<string>),
];

/** `arn:aws:eks:REGION:ACCOUNT:cluster/NAME` (AWS CLI), or `[USER@]NAME.REGION.eksctl.io` (eksctl). */
function saidByName(name: string): Said {
  const arn = /^arn:aws[\w-]*:eks:([\w-]+):(\d{12}):cluster\/([\w-]+)$/.exec(name);
  const [, region, account, eksCluster] = arn ?? [];
  if (region && account && eksCluster) return { region, account, eksCluster };
  const [, short, where] = /^(?:[^/]*@)?([\w-]+)\.([a-z0-9-]+)\.eksctl\.io$/.exec(name) ?? [];
  return short && where ? { eksCluster: short, region: where } : {};
}

/** `https://ID.gr7.REGION.eks.amazonaws.com[.cn]`, and the dual-stack `….eks-cluster.REGION.api.aws`. */
function saidByHost({ server }: Pick<KubeContext, 'server'>): Said {
  const { hostname } = URL.canParse(server) ? new URL(server) : { hostname: '' };
  const [, region, dual] =
    /^[0-9a-f]{32}(?:\.[\w-]+)?\.(?:([a-z0-9-]+)\.eks\.amazonaws\.com(?:\.cn)?|eks-cluster\.([a-z0-9-]+)\.api\.(?:aws|amazonwebservices\.com\.cn))$/.exec(
      hostname,
    ) ?? [];
  const found = region ?? dual;
  return found === undefined ? {} : { region: found };
}

/** `aws eks get-token --cluster-name N --region R --role-arn A`; `aws-iam-authenticator token -i N -r A`. */
function saidByToken(exec: KubeContext['exec']): Said & { readonly role?: string } {
  const [, program] =
    /(?:^|[\\/])(aws|aws-iam-authenticator|heptio-authenticator-aws)(?:\.exe)?$/.exec(
      exec?.command ?? '',
    ) ?? [];
  if (!exec || program === undefined) return {};
  const args = exec.args.flatMap((arg) => /^(--[\w-]+)=(.*)$/s.exec(arg)?.slice(1) ?? [arg]);
  const after = (...names: readonly string[]): string | undefined => {
    const index = args.findIndex((arg) => names.includes(arg));
    return index === -1 ? undefined : args[index + 1];
  };
  const isAws = program === 'aws';
  if (isAws && !(args.includes('eks') && args.includes('get-token'))) return {};
  const eksCluster = isAws ? after('--cluster-name') : after('-i', '--cluster-id');
  const region = after('--region');
  const role = isAws ? after('--role-arn', '--role') : after('-r', '--role');
  return {
    ...(eksCluster !== undefined && { eksCluster }),
    ...(region !== undefined && { region }),
    ...(role !== undefined && { role }),
  };
}
