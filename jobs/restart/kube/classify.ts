import { LinkError } from '../link-error.ts';
import { networkError, parseRetryAfter } from '../network-error.ts';
import { safeText } from '../redact.ts';

/** An answer that is not a success, in the parts that decide. */
export interface KubeAnswer {
  readonly status: number;
  /** The Status object's message, or what stood in the body. */
  readonly message: string;
  readonly retryAfter?: string | undefined;
}

export interface KubeContext {
  /** What was asked: `list deployments in sts`. */
  readonly doing: string;
  /** Who asked. */
  readonly caller: string;
  /** What to compare when the server knows nobody by the token. */
  readonly compareOn401: string;
  /** The caller has been known before: a 401 passes. */
  readonly known: boolean;
  /** The server may have started a moment ago, without its roles: a refusal by RBAC passes. */
  readonly refusalPasses: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Answers that a later, equal request need not get again (Kubernetes API conventions, HTTP status codes). */
const passing = new Set([408, 410, 425, 429]);

/** At the API server, 401 is the token or its mapping and 403 is RBAC; the rest did not get that far. */
export function classifyAnswer(answer: KubeAnswer, context: KubeContext): LinkError {
  const { status } = answer;
  const found = `${context.doing}: ${status} ${safeText(answer.message)}`.replace(/\.$/, '');
  if (status === 401) {
    return new LinkError(
      'mapping',
      `${found}. The cluster does not know ${context.caller}. Compare: ${context.compareOn401}.`,
      { transient: context.known },
    );
  }
  if (status === 403) {
    // An admission plugin also answers 403, and no Role helps against it.
    if (!/\bcannot \w+ resource\b/.test(answer.message)) return new LinkError('rbac', found);
    return new LinkError(
      'rbac',
      `${found}. Compare: the Role and RoleBinding in that namespace with the user in this message.`,
      { transient: context.refusalPasses },
    );
  }
  return new LinkError('network', found, {
    transient: status >= 500 || passing.has(status),
    retryAfterMs: parseRetryAfter(answer.retryAfter, context.now),
  });
}

/** Whatever a call threw, as a `LinkError`. */
export function classifyKube(error: unknown, context: KubeContext): LinkError {
  if (error instanceof LinkError) return error;
  return error instanceof KubeRefusal
    ? classifyAnswer(error.answer, context)
    : networkError(error, context.doing);
}

/** An answer that is not a success, on its way to being a `LinkError`. */
export class KubeRefusal extends Error {
  readonly answer: KubeAnswer;

  constructor(answer: KubeAnswer) {
    super(`the API server answered ${answer.status}`);
    this.name = 'KubeRefusal';
    this.answer = answer;
  }
}

/** The message of a Status object, parsed or not; of anything else its whole text. */
export function statusMessage(body: unknown): string {
  if (body === undefined || body === '') return '(no message)';
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const status = typeof body === 'string' ? parseJson(body) : body;
  if (typeof status === 'object' && status !== null && 'message' in status) {
    const { message } = status;
    if (typeof message === 'string' && message !== '') return message;
  }
  // A proxy's page, perhaps. Its text is what there is.
  return text;
}

/** `undefined` for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
