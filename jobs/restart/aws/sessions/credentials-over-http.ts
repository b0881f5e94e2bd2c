import { Agent } from 'undici';
import { LinkError } from '../../link-error.ts';
import { networkError } from '../../network-error.ts';
import { safeText } from '../../redact.ts';
import { parseJson } from '../../kube/classify.ts';
import { callDeadline } from '../client-options.ts';
import type { Renewable } from '../renewing.ts';
import { renewBefore, type Session } from './session.ts';

/** Bytes: credentials take two or three thousand. */
const longestAnswer = 64 * 1024;

export interface AgentRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** For messages. */
  readonly doing: string;
  /** Said where nothing answers. */
  readonly compare: string;
  readonly version: string;
}

/** Of a node's agent. Its text may hold anything, credentials included. */
export interface AgentAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One GET of an agent on the pod's node. Neither proxies nor redirects are followed: what stands
 * elsewhere is not the agent. Throws `LinkError` where nothing answers.
 */
export async function askAgent(request: AgentRequest): Promise<AgentAnswer> {
  const { url, headers, doing, compare, version } = request;
  const agent = new Agent({
    allowH2: false,
    connect: { timeout: 5_000 },
    headersTimeout: 15_000,
    bodyTimeout: 15_000,
    maxResponseSize: longestAnswer,
  });
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname,
      method: 'GET',
      headers: { ...headers, 'user-agent': `rollcall/${version}` },
      signal: callDeadline(),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } catch (error) {
    const { message } = networkError(error, doing);
    throw new LinkError('network', `${message}. Compare: ${compare}.`);
  } finally {
    await agent.destroy();
  }
}

/**
 * Credentials as agents give them: those of the metadata service's form say `Code` besides (EC2 user
 * guide, "Retrieve security credentials"). Throws `LinkError`, in which the text never stands.
 */
export function readCredentials(
  text: string,
  { doing, now }: { readonly doing: string; readonly now: number },
): Renewable<Session> {
  const given = parseJson(text);
  const read = (key: string): string => {
    const value: unknown =
      typeof given === 'object' && given !== null
        ? (given as Readonly<Record<string, unknown>>)[key]
        : undefined;
    // They become headers and parts of URLs.
    return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : '';
  };
  const code = read('Code');
  if (code !== '' && code !== 'Success') {
    throw new LinkError('identity', `${doing}: the agent answers with ${safeText(code)}.`, {
      transient: true,
    });
  }
  const [accessKeyId, secretAccessKey, sessionToken] = [
    read('AccessKeyId'),
    read('SecretAccessKey'),
    read('Token'),
  ];
  const expiresAt = Date.parse(read('Expiration'));
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt)) {
    throw new LinkError(
      'identity',
      `${doing}: the answer holds no whole credentials. Expected: AccessKeyId, SecretAccessKey, Token and Expiration in JSON.`,
      { transient: true },
    );
  }
  if (expiresAt <= now) {
    throw new LinkError(
      'identity',
      `${doing}: the credentials expired at ${new Date(expiresAt).toISOString()}. ` +
        "Expected: fresh ones. Compare: the node's clock with the time, and whether the agent renews.",
      { transient: true },
    );
  }
  return {
    value: { accessKeyId, secretAccessKey, sessionToken, expiresAt },
    // Agents give what they have kept: of a quarter of an hour there may be five minutes left.
    renewAt: expiresAt - Math.min(renewBefore, (expiresAt - now) / 2),
    expiresAt,
  };
}
