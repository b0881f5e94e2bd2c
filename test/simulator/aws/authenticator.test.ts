import { beforeAll, describe, expect, it } from '@jest/globals';
import { Authenticator, canonicalArn } from '../../../src/simulator/aws/authenticator.ts';
import type { Authentication } from '../../../src/simulator/aws/authenticator.ts';
import type { Session } from '../../../src/simulator/aws/sessions.ts';
import { hubRole, hubSession, makeAws, targetAccount, targetRole } from '../support/aws.ts';
import type { AwsParts } from '../support/aws.ts';
import { presignedUrl, toToken } from '../support/requests.ts';
import type { TokenOptions } from '../support/requests.ts';

const cluster = 'golf-prd-cluster';
const minute = 60_000;
const mapped = `- rolearn: ${targetRole}\n  username: sts\n`;

let aws: AwsParts;
let session: Session;
beforeAll(() => {
  aws = makeAws();
  const request = { roleArn: targetRole, roleSessionName: 'someone@grada' };
  session = aws.sts.assumeRole(hubSession(aws), request);
});

const authenticate = (
  token: string,
  mapRoles: string | undefined = mapped,
): Promise<Authentication> =>
  new Authenticator({
    ...aws,
    clusterId: cluster,
    partition: 'aws',
    mapRoles: () => mapRoles,
  }).authenticate(token);

const makeUrl = (over: Partial<TokenOptions> = {}): Promise<URL> =>
  presignedUrl({ credentials: session.credentials, at: aws.clock.now(), cluster, ...over });

/** `user …`, or the reason that the cluster's own log would give. */
const said = (result: Authentication): string =>
  result.kind === 'user' ? `user ${result.user.username}` : result.reason;

describe('a token', () => {
  const changed = (change: (url: URL) => unknown) => async () => {
    const url = await makeUrl();
    const result = change(url);
    return toToken(typeof result === 'string' ? result : url);
  };
  const set = (name: string, value: string) =>
    changed((url) => {
      url.searchParams.set(name, value);
    });
  const signed = (over: () => Partial<TokenOptions>) => async () => toToken(await makeUrl(over()));
  const mismatch = 'sts getCallerIdentity failed: SignatureDoesNotMatch';

  it.each<[string, () => Promise<string>, string]>([
    ['of the regional host', signed(() => ({})), 'user sts'],
    ['of the global host', signed(() => ({ host: 'sts.amazonaws.com' })), 'user sts'],
    ['with Expires 0', signed(() => ({ expires: 0 })), 'user sts'],
    ['with Expires 900', signed(() => ({ expires: 900 })), 'user sts'],
    [
      'in its 15th minute, whatever Expires says',
      signed(() => ({ at: aws.clock.now() - 15 * minute })),
      'user sts',
    ],
    [
      'after its 15th minute',
      signed(() => ({ at: aws.clock.now() - 15 * minute - 1000, expires: 900 })),
      'X-Amz-Date parameter is expired',
    ],
    ['from the far future', signed(() => ({ at: aws.clock.now() + 16 * minute })), mismatch],
    ['of another cluster', signed(() => ({ cluster: 'golf-prd' })), mismatch],
    ['scoped to another service', signed(() => ({ service: 'eks' })), mismatch],
    ['too large', signed(() => ({ query: { Version: 'x'.repeat(4096) } })), 'token is too large'],
    [
      'without prefix',
      async () => (await changed(String)()).slice('k8s-aws-v1.'.length),
      'token is missing expected "k8s-aws-v1." prefix',
    ],
    ['padded', async () => `${await changed(String)()}=`, 'illegal base64 data'],
    ['in the other base64', () => Promise.resolve('k8s-aws-v1.+/+/'), 'illegal base64 data'],
    ['empty', () => Promise.resolve('k8s-aws-v1.'), 'not a URL'],
    [
      'over http',
      changed((url) => String(url).replace('https', 'http')),
      'unexpected scheme in pre-signed URL',
    ],
    [
      'with Expires 901',
      signed(() => ({ expires: 901 })),
      'invalid X-Amz-Expires parameter in pre-signed URL',
    ],
    [
      'with Expires -1',
      set('X-Amz-Expires', '-1'),
      'invalid X-Amz-Expires parameter in pre-signed URL',
    ],
    [
      'with Expires in words',
      set('X-Amz-Expires', '60s'),
      'invalid X-Amz-Expires parameter in pre-signed URL',
    ],
    [
      'without Expires',
      changed((url) => {
        url.searchParams.delete('X-Amz-Expires');
      }),
      'invalid X-Amz-Expires parameter in pre-signed URL',
    ],
    [
      'without a date',
      changed((url) => {
        url.searchParams.delete('X-Amz-Date');
      }),
      'error parsing X-Amz-Date parameter',
    ],
    [
      'with a date in another form',
      set('X-Amz-Date', '2024-01-01T00:00:00Z'),
      'error parsing X-Amz-Date parameter',
    ],
    [
      'that asks for something else',
      set('Action', 'GetSessionToken'),
      'unexpected action parameter in pre-signed URL',
    ],
    ['with another parameter', set('X-Amz-Foo', '1'), 'non-whitelisted query parameter'],
    [
      'with a parameter twice',
      changed((url) => {
        url.searchParams.append('Action', 'GetCallerIdentity');
      }),
      'query parameter with multiple values not supported',
    ],
    [
      'with a parameter twice in another case',
      changed((url) => {
        url.searchParams.append('ACTION', 'GetCallerIdentity');
      }),
      'query parameter with multiple values not supported',
    ],
    ['with a broken escape', changed((url) => `${String(url)}%zz`), 'malformed query parameter'],
    ['with a semicolon', changed((url) => `${String(url)};a=b`), 'malformed query parameter'],
    [
      'whose cluster header is not signed',
      set('X-Amz-SignedHeaders', 'host'),
      'client did not sign the x-k8s-aws-id header in the pre-signed URL',
    ],
    [
      'with a path',
      changed((url) => String(url).replace('/?', '/x?')),
      'unexpected path in pre-signed URL',
    ],
    [
      'without a path',
      changed((url) => String(url).replace('/?', '?')),
      'unexpected path in pre-signed URL',
    ],
    ...[
      'evil.example',
      'sts.amazonaws.com.evil.example',
      'sts.amazonaws.com:443',
      'sts.amazonaws.com@evil.example',
      'sts.eu-west-1.amazonaws.com.cn',
      'sts.cn-north-1.amazonaws.com.cn',
      'sts.us-gov-west-1.amazonaws.com',
      'sts.nowhere-1.amazonaws.com',
      's3.eu-west-1.amazonaws.com',
      'STS.amazonaws.com',
      '127.0.0.1',
    ].map((host): [string, () => Promise<string>, string] => [
      `of the host ${host}`,
      changed((url) => String(url).replace(url.host, host)),
      'unexpected hostname in pre-signed URL',
    ]),
    ['with a changed signature', set('X-Amz-Signature', '0'.repeat(64)), mismatch],
    [
      'with another region in its scope',
      changed((url) => {
        url.searchParams.set(
          'X-Amz-Credential',
          (url.searchParams.get('X-Amz-Credential') ?? '').replace('eu-west-1', 'eu-west-2'),
        );
      }),
      mismatch,
    ],
    [
      'with a broken scope',
      set('X-Amz-Credential', 'ASIAX'),
      'sts getCallerIdentity failed: IncompleteSignature',
    ],
    [
      'without a session token',
      changed((url) => {
        url.searchParams.delete('X-Amz-Security-Token');
      }),
      'sts getCallerIdentity failed: InvalidClientTokenId',
    ],
    [
      "with another session's token",
      set('X-Amz-Security-Token', 'IQoJ'),
      'sts getCallerIdentity failed: InvalidClientTokenId',
    ],
    [
      'of an unknown key',
      signed(() => ({ credentials: { ...session.credentials, accessKeyId: 'ASIAUNKNOWN' } })),
      'sts getCallerIdentity failed: InvalidClientTokenId',
    ],
    [
      'signed with another secret',
      signed(() => ({ credentials: { ...session.credentials, secretAccessKey: 'x' } })),
      mismatch,
    ],
  ])('%s', async (_, make, expected) => {
    expect(said(await authenticate(await make()))).toBe(expected);
  });

  it('of a session that has ended', async () => {
    const role = session.role;
    const short = aws.sessions.issue(role, 'short', 0);
    const token = toToken(await makeUrl({ credentials: short.credentials }));
    expect(said(await authenticate(token))).toBe('sts getCallerIdentity failed: ExpiredToken');
  });
});

describe('aws-auth', () => {
  const path = targetRole.replace('role/', 'role/team/');
  const assumed = `arn:aws:sts::${targetAccount}:assumed-role/sts-prd-js-encryption-role/x`;
  const unmapped = `ARN is not mapped: ${targetRole}`;
  const entry = (rolearn: string, username = 'sts', more = ''): string =>
    `- rolearn: ${rolearn}\n  username: ${username}\n${more}`;

  it.each<[string, string | undefined, string]>([
    ['no section', '', unmapped],
    ['the role', mapped, 'user sts'],
    ['the role in another case', entry(targetRole.toUpperCase()), 'user sts'],
    ['inner keys in another case', `- roleARN: ${targetRole}\n  userName: sts\n`, 'user sts'],
    ['JSON', JSON.stringify([{ rolearn: targetRole, username: 'sts' }]), 'user sts'],
    ['the hub role alone', entry(hubRole), unmapped],
    ['the role with a path', entry(path), unmapped],
    ['the assumed role', entry(assumed), unmapped],
    ['twice: the last wins', entry(targetRole, 'first') + mapped, 'user sts'],
    ['a section that does not parse', `${mapped}\n - : [`, unmapped],
    ['one broken entry loses the section', `${mapped}- rolearn: [x]\n`, unmapped],
    ['a map, not a list', `rolearn: ${targetRole}\nusername: sts\n`, unmapped],
    ['the account', entry(targetRole, '"{{AccountID}}"'), `user ${targetAccount}`],
    ['the session name', entry(targetRole, '"u:{{SessionName}}"'), 'user u:someone-grada'],
    ['the raw session name', entry(targetRole, '"{{SessionNameRaw}}"'), 'user someone@grada'],
    [
      'the template of node roles',
      entry(targetRole, '"system:node:{{EC2PrivateDNSName}}"'),
      'the session is not that of an EC2 instance',
    ],
  ])('%s', async (_, mapRoles, expected) => {
    expect(said(await authenticate(toToken(await makeUrl()), mapRoles))).toBe(expected);
  });

  it('renders groups and adds system:authenticated', async () => {
    const mapRoles = entry(targetRole, 'sts', '  groups: ["{{AccountID}}-ops", view]\n');
    expect(await authenticate(toToken(await makeUrl()), mapRoles)).toEqual({
      kind: 'user',
      user: { username: 'sts', groups: [`${targetAccount}-ops`, 'view', 'system:authenticated'] },
    });
  });

  it.each([
    ['arn:aws:sts::1234567890', 'arn:aws:sts::1234567890'],
    ['arn:aws:sts::123456789012:assumed-role/R/S', 'arn:aws:iam::123456789012:role/R'],
    ['arn:aws-cn:sts::123456789012:assumed-role/R/S', 'arn:aws-cn:iam::123456789012:role/R'],
    ['arn:aws:iam::123456789012:user/U', 'arn:aws:iam::123456789012:user/U'],
  ])('%s is %s', (arn, canonical) => {
    expect(canonicalArn(arn)).toBe(canonical);
  });
});
