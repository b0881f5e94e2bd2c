/** A call that a service was asked for and allowed, or an action that a call needed besides. */
export interface AwsCall {
  /** `sts:AssumeRole` */
  readonly action: string;
  /** An ARN; `*` where the action has no resource. */
  readonly resource: string;
  /** The ARN of the role, user or OIDC provider that called, or the service's name. */
  readonly caller: string;
}

/** Tells whoever listens what a service was called for. */
export class Calls {
  readonly #listeners = new Set<(call: AwsCall) => void>();

  /** Gives back how to stop listening. */
  listen(listener: (call: AwsCall) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(call: AwsCall): void {
    for (const listener of this.#listeners) listener(call);
  }
}
