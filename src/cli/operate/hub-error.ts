import { ApiException } from '@kubernetes/client-node';
import { safeText } from '../../../jobs/restart/redact.ts';
import { UserError, type UserProblem } from '../../../charts/user-error.ts';
import type { HubAccess } from './kube-config.ts';

/** What was asked of the hub, or of another cluster. */
export interface Doing {
  /** As RBAC has it. */
  readonly verb: 'get' | 'patch' | 'create';
  /** The ConfigMap. */
  readonly name: string;
  readonly namespace: string;
  readonly access: Pick<HubAccess, 'context' | 'server'>;
  /** Whose API server it is. Default: `the hub`. */
  readonly cluster?: string;
}

export const isMissing = (error: unknown): boolean =>
  error instanceof ApiException && error.code === 404;

export const isConflict = (error: unknown): boolean =>
  error instanceof ApiException && error.code === 409;

/** An answer that is none, or a refusal, as something that the operator can mend. */
export function hubError(error: unknown, doing: Doing): UserError {
  const { namespace, name, access } = doing;
  const place = `context ${access.context}, ConfigMap ${namespace}/${name}`;
  const found = foundIn(error);
  const status = error instanceof ApiException ? error.code : undefined;
  return new UserError({ place, found, ...adviceFor(status, doing) }, { cause: error });
}

function adviceFor(
  status: number | undefined,
  { verb, namespace, name, access, cluster = 'the hub' }: Doing,
): Pick<UserProblem, 'code' | 'expected' | 'next'> {
  switch (status) {
    case undefined:
      return {
        code: 'hub/no-answer',
        expected: `an answer of ${access.server}`,
        next: 'Check the context, the way there (VPN, proxy) and the credentials of its user.',
      };
    case 401:
      return {
        code: 'hub/unauthorized',
        expected: `credentials that ${access.server} knows`,
        next: `Log in anew, or name ${cluster}’s context by --context: ${access.context} was used.`,
      };
    case 403:
      return {
        code: 'hub/forbidden',
        expected: `the right to ${verb} configmaps ${name} in namespace ${namespace}`,
        next: `Ask for a Role there with resources: [configmaps], resourceNames: [${name}], verbs: [get, patch].`,
      };
    case 404:
      return {
        code: 'hub/no-record',
        expected: 'the ConfigMap that the restart’s chart makes in the hub',
        next: 'Check that the context is the hub’s, the names, and that the hub’s folder was applied.',
      };
    default:
      return {
        code: 'hub/refused',
        expected: 'an answer that is no error',
        next: 'Look into what the API server says, and try again.',
      };
  }
}

/** The server’s own message, or what became of the connection: never headers, never credentials. */
function foundIn(error: unknown): string {
  if (error instanceof ApiException) {
    return safeText(`${error.code} ${messageOf(error.body) ?? 'without a message'}`);
  }
  // `fetch failed` tells nothing: its cause does.
  const cause = typeof error === 'object' && error !== null && 'cause' in error && error.cause;
  return safeText(messageOf(cause) ?? messageOf(error) ?? String(error));
}

/** Of an error, or of a `Status` (Kubernetes API conventions, Response Status Kind). */
function messageOf(value: unknown): string | undefined {
  if (typeof value === 'string') return fromText(value);
  if (typeof value !== 'object' || value === null || !('message' in value)) return undefined;
  return typeof value.message === 'string' && value.message !== '' ? value.message : undefined;
}

function fromText(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'string' ? value : messageOf(value);
  } catch {
    return body === '' ? undefined : body;
  }
}
