import { Agent } from 'undici';
import type { PlannedCheck } from '../../../src/plan/restart-plan.ts';
import { LinkError } from '../link-error.ts';
import type { CheckAnswer } from '../ports.ts';
import { networkError } from '../network-error.ts';
import { safeText } from '../redact.ts';
import { parseJson } from './classify.ts';

export type PrometheusCheck = Extract<PlannedCheck, { kind: 'prometheus' }>;

export interface Prometheus {
  /** Throws `LinkError` with link `check`, always one that may pass: an alert's silence is proved, not assumed. */
  check(check: PrometheusCheck, signal: AbortSignal): Promise<CheckAnswer>;
  close(): Promise<void>;
}

/** An instant query as a whole. Milliseconds. */
const queryMs = 30_000;
/** Bytes. */
const longestAnswer = 8 * 1024 * 1024;

/** Instant queries (Prometheus, HTTP API). The certificate must be one that Node trusts. */
export function createPrometheus(version: string): Prometheus {
  const agent = new Agent({
    allowH2: false,
    maxResponseSize: longestAnswer,
    connect: { timeout: 10_000 },
  });
  return {
    async check(check, signal) {
      signal.throwIfAborted();
      const doing = `query Prometheus at ${hostOf(check.url)}`;
      try {
        const inTime = AbortSignal.any([signal, AbortSignal.timeout(queryMs)]);
        const { origin, pathname, search } = urlOf(check);
        const answer = await agent.request({
          origin,
          path: `${pathname}${search}`,
          method: 'GET',
          headers: { accept: 'application/json', 'user-agent': `rollcall/${version}` },
          signal: inTime,
        });
        const text = await answer.body.text();
        return toAnswer(answer.statusCode, text, doing);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof LinkError) throw error;
        throw new LinkError('check', networkError(error, doing).message, { transient: true });
      }
    },
    close: () => agent.destroy(),
  };
}

interface Answer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: {
    readonly resultType?: string;
    readonly result?: unknown;
  };
}

interface Series {
  readonly metric?: Readonly<Record<string, string>>;
}

function toAnswer(status: number, text: string, doing: string): CheckAnswer {
  const { status: said, error, data } = (parseJson(text) ?? {}) as Answer;
  if (said !== 'success') {
    throw new LinkError('check', `${doing}: ${status} ${safeText(error ?? text)}`, {
      transient: true,
    });
  }
  // A scalar always has a value: it can't be quiet.
  if (data?.resultType !== 'vector' || !Array.isArray(data.result)) {
    throw new LinkError(
      'check',
      `${doing}: found a result of type ${safeText(String(data?.resultType))}. Expected: vector. ` +
        'Next: write the query so that it selects series, as `ALERTS{alertstate="firing"}` does.',
      { transient: true },
    );
  }
  const series = data.result as readonly Series[];
  const [first] = series;
  if (!first) return { kind: 'no', message: 'the query finds nothing' };
  const labels = Object.entries(first.metric ?? {}).map(([name, value]) => `${name}="${value}"`);
  return {
    kind: 'yes',
    message: safeText(`the query finds ${series.length} series, first {${labels.join(', ')}}`),
  };
}

function urlOf({ url, query }: PrometheusCheck): URL {
  const whole = new URL(`${url.replace(/\/+$/, '')}/api/v1/query`);
  whole.searchParams.set('query', query);
  return whole;
}

/** The URL itself may carry a password. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'no URL');
