import type { Clock } from '../../ports.ts';

/** Temporary credentials of a role. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What every way to a session needs. */
export interface SessionOptions {
  readonly environment: IdentityEnvironment;
  readonly clock: Clock;
  /** The restart's name, for the session names that CloudTrail shows. */
  readonly restart: string;
  /** For the User-Agent. */
  readonly version: string;
  /** In [0, 1), for the jitter of retries. Default: `Math.random`. */
  readonly random?: () => number;
}

/** What a container's environment says of its identity. Nothing of it is trusted to be there. */
export interface IdentityEnvironment {
  /** IRSA (aws/amazon-eks-pod-identity-webhook). */
  readonly AWS_ROLE_ARN?: string | undefined;
  readonly AWS_WEB_IDENTITY_TOKEN_FILE?: string | undefined;
  /** EKS Pod Identity (EKS user guide, "Use pod identity with the AWS SDK"). */
  readonly AWS_CONTAINER_CREDENTIALS_FULL_URI?: string | undefined;
  readonly AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE?: string | undefined;
  /** Where the metadata service is (AWS SDKs and tools reference guide, "IMDS credential provider"). */
  readonly AWS_EC2_METADATA_SERVICE_ENDPOINT?: string | undefined;
}

/** A session is renewed this long before it expires. Milliseconds. */
export const renewBefore = 5 * 60_000;
