import { LinkError } from './link-error.ts';
import { safeText } from './redact.ts';

/** Codes that Node's TLS gives to a certificate that it does not accept (node: tls, X509 errors). */
const certificateCode = /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA)/;

/**
 * A call that got no answer: DNS, connect, TLS, a timeout, a reset. Tried again later, but for a
 * certificate that is refused: it will be refused again.
 */
export function networkError(error: unknown, doing: string): LinkError {
  const { code, text } = innermost(error);
  const found = safeText(code === undefined || text.includes(code) ? text : `${code}: ${text}`);
  if (code !== undefined && certificateCode.test(code)) {
    return new LinkError(
      'network',
      `${doing}: the server's certificate was not accepted: ${found}. ` +
        "Compare: the cluster's certificate authority (for STS, EKS and Prometheus: NODE_EXTRA_CA_CERTS) with the one that signed the server's certificate.",
      { transient: false },
    );
  }
  return new LinkError('network', `${doing}: no answer: ${found}`);
}

/** An error in the parts that are read; by its shape, since Node's own may be of another realm. */
interface ErrorLike {
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** Of an AggregateError: one for each address that was tried. */
  readonly errors?: readonly unknown[];
}

const isErrorLike = (value: unknown): value is ErrorLike =>
  typeof value === 'object' && value !== null && 'message' in value;

/** `fetch failed` says nothing: the reason stands at the end of the chain of causes. */
function innermost(error: unknown): { readonly code: string | undefined; readonly text: string } {
  let code: string | undefined;
  let text = String(error);
  let current: unknown = error;
  for (let depth = 0; isErrorLike(current) && depth < 8; depth += 1) {
    if (typeof current.code === 'string') code = current.code;
    if (current.message !== '') text = current.message;
    current = current.cause ?? current.errors?.[0];
  }
  return { code, text };
}

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3); `undefined` when it is
 * absent or neither.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
