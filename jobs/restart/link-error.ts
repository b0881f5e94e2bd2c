/**
 * The links of the chain from the job's pod to a verb in a target cluster, in the order in which
 * they are crossed. A refusal names exactly one, or says that it can't tell which of two.
 */
export const links = [
  'identity', // the pod has no identity: nothing gave it one, or its node's agent gives another's
  'provider', // no OIDC provider for the issuer in the role's account
  'audience', // the token's audience is not accepted
  'subject', // the hub role's trust policy does not accept this ServiceAccount, or the agent that asks for it
  'hub-policy', // the hub role may not assume the target role
  'trust', // the target role does not trust the hub role (or the external id differs)
  'hub-policy-or-trust', // STS does not say which of the two (accounts of different organizations)
  'describe', // the target role may not describe the cluster, or there is none
  'mapping', // the cluster does not know the role: 401
  'rbac', // the mapped user lacks the verb: 403
  'record', // the hub's run record can't be read or written
  'check', // a gate's or blocker's condition or query can't be asked
  'network', // not reached, throttled, or failing: tried again on the next attempt
] as const;

export type Link = (typeof links)[number];

/** A link that did not hold. The message is the other side's own text, never a token or a URL. */
export class LinkError extends Error {
  readonly link: Link;
  /** True where the same call may succeed later without anyone changing anything. */
  readonly transient: boolean;
  /** How long the other side asked to wait (`Retry-After`). Milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    link: Link,
    message: string,
    options: { transient?: boolean; cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'LinkError';
    this.link = link;
    this.transient = options.transient ?? link === 'network';
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The watch's resourceVersion is gone (410): list again. */
export class WatchExpired extends Error {
  constructor() {
    super('the resource version of the watch is no longer held');
    this.name = 'WatchExpired';
  }
}
