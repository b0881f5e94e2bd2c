import type { ServerResponse } from 'node:http';
import { expect } from '@jest/globals';
import { inspect } from 'node:util';
import { LinkError } from '../../../../jobs/restart/link-error.ts';
import { secretValues } from './secrets.ts';

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export interface AwsFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Record<string, string>;
}

/** STS's error document (query protocol). */
export function stsFailure(response: ServerResponse, failure: AwsFailure): void {
  response.writeHead(failure.status, { 'content-type': 'text/xml', ...failure.headers });
  response.end(
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>` +
      `<Code>${failure.code}</Code><Message>${xml(failure.message)}</Message></Error>` +
      `<RequestId>r</RequestId></ErrorResponse>`,
  );
}

/** STS's answer to AssumeRole and AssumeRoleWithWebIdentity. */
export function stsCredentials(response: ServerResponse, action: string, expiresAt: number): void {
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>` +
      `<AccessKeyId>ASIA${action.toUpperCase().slice(0, 16)}</AccessKeyId>` +
      `<SecretAccessKey>secret-of-${action}</SecretAccessKey><SessionToken>token-of-${action}</SessionToken>` +
      `<Expiration>${new Date(expiresAt).toISOString()}</Expiration></Credentials></${action}Result></${action}Response>`,
  );
}

/** EKS's error document (REST JSON). */
export function eksFailure(response: ServerResponse, failure: AwsFailure): void {
  response.writeHead(failure.status, {
    'content-type': 'application/json',
    'x-amzn-errortype': failure.code,
    ...failure.headers,
  });
  response.end(JSON.stringify({ message: failure.message }));
}

/** The `LinkError` that a call ends in. No planted secret is in it, however it is printed. */
export async function linkErrorOf(call: Promise<unknown>): Promise<LinkError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LinkError);
  const printed = inspect(error, { depth: 9, showHidden: true });
  for (const secret of secretValues) expect(printed).not.toContain(secret);
  return error as LinkError;
}
