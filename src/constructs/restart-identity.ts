import { Construct, type IConstruct } from 'constructs';
import { quoted } from '../fleet/describe.ts';
import { propProblems, unknownProps, type KnownProps } from './check-props.ts';
import type { PropsProblem } from './props-error.ts';

interface RunAs {
  /**
   * A ServiceAccount that is made elsewhere, such as by `IrsaServiceAccount` or for another restart.
   *
   * @default one is made, by the restart’s name
   */
  readonly serviceAccount?: string;
  /**
   * The namespace that it is for: where the ServiceAccount is, or whose annotation permits the role.
   * The restart must be in it.
   *
   * @default the restart’s own
   */
  readonly namespace?: string;
}

interface Token extends RunAs {
  /**
   * Whom the token is for.
   *
   * @default 'sts.amazonaws.com'
   */
  readonly audience?: string;
  /**
   * How long a token lives: a whole number of `s`, `m` or `h`, from `10m` to `24h`.
   *
   * @default '24h'
   */
  readonly tokenExpiration?: string;
  /**
   * Whether STS is asked in the hub’s own region.
   *
   * @default true
   */
  readonly regionalEndpoints?: boolean;
  /**
   * Whether the cluster has the pod identity webhook, as EKS does. Without it the token’s volume and
   * the environment are written out on the pods.
   *
   * @default true
   */
  readonly webhook?: boolean;
}

/** IAM roles for service accounts: the pods become this role, and from it each target’s. */
export interface IrsaIdentity extends Token {
  readonly kind: 'irsa';
  /** The ARN of the restart’s own role, which trusts the ServiceAccount. */
  readonly roleArn: string;
}

/** The pods become each target’s role straight by their token: every target’s account knows the hub’s issuer. */
export interface DirectIrsaIdentity extends Token {
  readonly kind: 'irsa-direct';
  /**
   * How long a session is: a whole number of `s`, `m` or `h`, from `15m` to `12h`.
   *
   * @default '1h'
   */
  readonly sessionDuration?: string;
}

/** EKS Pod Identity: an association gives the pods this role, and from it they become each target’s. */
export interface EksPodIdentityIdentity extends RunAs {
  readonly kind: 'eks-pod-identity';
  /** The ARN of the role that the association names. */
  readonly roleArn: string;
  /**
   * Whether the association makes the hop into the one target’s role itself.
   *
   * @default false
   */
  readonly targetRole?: boolean;
}

/** kiam or kube2iam gives the pods this role, and from it they become each target’s. */
export interface NodeAgentIdentity extends RunAs {
  readonly kind: 'kiam' | 'kube2iam';
  /** The ARN of the restart’s own role, which the namespace must permit. */
  readonly roleArn: string;
}

/** How the pods of a restart get their AWS identity. */
export type RestartIdentity =
  IrsaIdentity | DirectIrsaIdentity | EksPodIdentityIdentity | NodeAgentIdentity;

const runAs = { kind: true, serviceAccount: true, namespace: true } as const;
const token = {
  ...runAs,
  audience: true,
  tokenExpiration: true,
  regionalEndpoints: true,
  webhook: true,
} as const;
const nodeAgent: KnownProps<NodeAgentIdentity> = { ...runAs, roleArn: true };
const irsa: KnownProps<IrsaIdentity> = { ...token, roleArn: true };
const direct: KnownProps<DirectIrsaIdentity> = { ...token, sessionDuration: true };
const association: KnownProps<EksPodIdentityIdentity> = {
  ...runAs,
  roleArn: true,
  targetRole: true,
};

/** The props of each kind. */
const knownProps: Readonly<Record<RestartIdentity['kind'], Readonly<Record<string, true>>>> = {
  irsa,
  'irsa-direct': direct,
  'eks-pod-identity': association,
  kiam: nodeAgent,
  kube2iam: nodeAgent,
};

const isKind = (kind: unknown): kind is RestartIdentity['kind'] =>
  typeof kind === 'string' && Object.hasOwn(knownProps, kind);

const expected = 'the identity of a ServiceAccount’s construct, or an object with its kind';

/** What is wrong with the prop `identity`, whatever JavaScript gives, for a restart in a namespace. */
export function identityProblems(
  identity: unknown,
  namespace: string | undefined,
): readonly PropsProblem[] {
  if (Construct.isConstruct(identity)) return [aConstruct(identity)];
  const problems = propProblems([['identity', identity, 'map']]);
  if (problems.length > 0) {
    const next = `Write identity: ${expected}.`;
    return problems.map((problem) => ({ ...problem, expected, next }));
  }
  const { kind, ...others } = identity as Readonly<Record<string, unknown>>;
  if (!isKind(kind)) return propProblems([['identity.kind', kind, Object.keys(knownProps)]]);
  const known = knownProps[kind];
  return [
    ...unknownProps({ kind, ...others }, known, 'identity'),
    ...propProblems([
      ...(known.roleArn ? ([['identity.roleArn', others.roleArn, 'roleArn']] as const) : []),
      ['identity.serviceAccount', others.serviceAccount, 'objectName', 'optional'],
    ]),
    ...otherNamespace(others.namespace, namespace),
  ];
}

const aConstruct = (given: IConstruct): PropsProblem => ({
  code: 'fleet/wrong-type',
  prop: 'identity',
  found: `the construct ${quoted(given.node.path)}`,
  expected,
  next:
    'identity' in given
      ? 'Write .identity behind the construct.'
      : 'Write an object with its kind.',
});

/** Pods run as a ServiceAccount of their own namespace (kubernetes.io, "Service Accounts"); agents look at theirs too. */
function otherNamespace(own: unknown, restarts: string | undefined): readonly PropsProblem[] {
  const problems = propProblems([['identity.namespace', own, 'dnsLabel', 'optional']]);
  if (problems.length > 0 || typeof own !== 'string') return problems;
  // Of a restart’s namespace that is none enough is said.
  if (own === restarts || propProblems([['namespace', restarts, 'dnsLabel']]).length > 0) return [];
  return [
    {
      code: 'construct/other-namespace',
      prop: 'identity.namespace',
      found: `the namespace "${own}", for a restart in the namespace "${restarts}"`,
      expected: 'one namespace: pods have the identity of their own namespace alone',
      next: `Give the restart the namespace "${own}", or an identity that is for "${restarts}".`,
    },
  ];
}
