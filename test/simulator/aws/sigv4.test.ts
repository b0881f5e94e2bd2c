import { describe, expect, it } from '@jest/globals';
import { verifySignature } from '../../../src/simulator/aws/sigv4.ts';
import type { AwsRequest } from '../../../src/simulator/aws/sigv4.ts';
import { hubSession, makeAws } from '../support/aws.ts';
import { signedForm } from '../support/requests.ts';

const body = 'Action=GetCallerIdentity&Version=2011-06-15';

describe('a header-signed request', () => {
  const header = (request: AwsRequest, name: string, value: string): AwsRequest => ({
    ...request,
    headers: { ...request.headers, [name]: value },
  });

  it.each<[string, (request: AwsRequest) => AwsRequest, string]>([
    ['as signed', (request) => request, 'ok'],
    ['with an unsigned header more', (request) => header(request, 'x-more', '1'), 'ok'],
    [
      'with another body',
      (request) => ({ ...request, body: `${body}&x` }),
      'SignatureDoesNotMatch',
    ],
    [
      'with another body and its hash',
      (request) => header({ ...request, body: '' }, 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'),
      'SignatureDoesNotMatch',
    ],
    ['with another path', (request) => ({ ...request, path: '/x' }), 'SignatureDoesNotMatch'],
    ['with another method', (request) => ({ ...request, method: 'PUT' }), 'SignatureDoesNotMatch'],
    [
      'with a query',
      (request) => ({ ...request, query: new URLSearchParams('a=b') }),
      'SignatureDoesNotMatch',
    ],
    ['to another host', (request) => header(request, 'host', 'x'), 'SignatureDoesNotMatch'],
    [
      'with another token',
      (request) => header(request, 'x-amz-security-token', 'x'),
      'InvalidClientTokenId',
    ],
    ['unsigned', (request) => header(request, 'authorization', ''), 'MissingAuthenticationToken'],
    [
      'of a day that is not its scope',
      (request) => header(request, 'x-amz-date', '20200101T000000Z'),
      'IncompleteSignature',
    ],
  ])('%s', async (_, change, expected) => {
    const aws = makeAws();
    const { credentials } = hubSession(aws);
    const request = change(await signedForm(body, { credentials, at: aws.clock.now() }));
    const result = await verifySignature(request, { ...aws, service: 'sts' }).then(
      ({ region }) => (region === 'eu-west-1' ? 'ok' : region),
      (error: unknown) => (error as { code: string }).code,
    );
    expect(result).toBe(expected);
  });

  it('grows old in a quarter of an hour', async () => {
    const aws = makeAws();
    const { credentials } = hubSession(aws);
    const request = await signedForm(body, { credentials, at: aws.clock.now() });
    aws.clock.advance(15 * 60_000);
    await expect(verifySignature(request, { ...aws, service: 'sts' })).resolves.toBeDefined();
    aws.clock.advance(1);
    await expect(verifySignature(request, { ...aws, service: 'sts' })).rejects.toThrow(
      /^Signature expired: 20240101T000000Z is now earlier than/,
    );
  });
});
