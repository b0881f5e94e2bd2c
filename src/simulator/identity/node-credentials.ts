import { AwsError } from '../aws/aws-error.ts';
import type { Iam } from '../aws/iam.ts';
import type { Session, Sessions } from '../aws/sessions.ts';
import type { Sts } from '../aws/sts.ts';
import type { SimClock } from '../clock.ts';
import type { WorldCluster } from '../load/cluster.ts';

/** What an agent on a node is asked by a pod, and answers. */
export interface NodeAnswer {
  readonly status: number;
  readonly type: 'application/json' | 'text/plain';
  readonly body: string;
}

/** The part of a world in which pods get credentials on their node. */
export interface NodeWorld {
  readonly clock: SimClock;
  readonly iam: Iam;
  readonly sessions: Sessions;
  readonly sts: Sts;
}

/** Whoever answers at the address of a node's metadata service. */
export interface MetadataAgent {
  /** `…/security-credentials/`: the role's name. */
  list(): NodeAnswer;
  /** `…/security-credentials/ROLE`. */
  credentials(role: string): NodeAnswer;
}

export const text = (status: number, body: string): NodeAnswer => ({
  status,
  type: 'text/plain',
  body,
});

/** As Go's `http.Error` writes it. */
export const goError = (status: number, message: string): NodeAnswer =>
  text(status, `${message}\n`);

/** Of the metadata service's form (EC2 user guide, "Retrieve security credentials"). */
export const credentialsAnswer = (
  { credentials, expiration }: Session,
  now: number,
): NodeAnswer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify({
    Code: 'Success',
    Type: 'AWS-HMAC',
    LastUpdated: new Date(now).toISOString(),
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken,
    Expiration: new Date(expiration).toISOString(),
  }),
});

/** Seconds: about what an instance profile's credentials live. */
const nodeSeconds = 21_600;

/** The session that a node's metadata service gives; the session is named as its instance. */
export function nodeSession(
  { iam, sessions }: NodeWorld,
  roleArn: string | undefined,
): Session | undefined {
  const role = roleArn === undefined ? undefined : iam.role(roleArn);
  return role && sessions.issue(role, 'i-0123456789abcdef0', nodeSeconds);
}

/** Who assumes roles for pods, or the refusal of AWS. */
export type Assumed =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'refused'; readonly error: AwsError };

export function assumed(assume: () => Session): Assumed {
  try {
    return { kind: 'session', session: assume() };
  } catch (error) {
    if (error instanceof AwsError) return { kind: 'refused', error };
    throw error;
  }
}

/** An annotation of a namespace, as an agent reads it; empty: there is none. */
export function namespaceAnnotation(
  { kube }: Pick<WorldCluster, 'kube'>,
  namespace: string,
  key: string,
): string {
  const annotations = kube.read('Namespace', undefined, namespace)?.metadata.annotations;
  return (annotations as Readonly<Record<string, string>> | undefined)?.[key] ?? '';
}

/** No node role is an answer too: a node without an instance profile. */
export const noCredentials: AwsError = new AwsError(
  'NoCredentialProviders',
  'no valid providers in chain: the node has no role',
);
