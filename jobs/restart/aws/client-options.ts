import type { STSClientConfig } from '@aws-sdk/client-sts';

/** An answer that drips never falls silent: a call as a whole has a deadline too. Milliseconds. */
const callMs = 20_000;

export const callDeadline = (signal?: AbortSignal): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(callMs), ...(signal ? [signal] : [])]);

/**
 * What every AWS client of the job has in common. One attempt a call: the retries are the job's own
 * (retry.ts), on its clock and under its signal. `requestTimeout` alone would only warn.
 */
export const clientOptions = (
  version: string,
): Pick<STSClientConfig, 'maxAttempts' | 'customUserAgent' | 'requestHandler'> => ({
  maxAttempts: 1,
  customUserAgent: [['rollcall', version]],
  requestHandler: {
    connectionTimeout: 5_000,
    requestTimeout: 15_000,
    socketTimeout: 15_000,
    throwOnRequestTimeout: true,
  },
});
