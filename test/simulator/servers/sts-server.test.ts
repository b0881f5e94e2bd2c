import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { Agent } from 'undici';
import type { Credentials, UserSession } from '../../../src/simulator/aws/sessions.ts';
import { makeAuthority } from '../../../src/simulator/servers/certificates.ts';
import { listen } from '../../../src/simulator/servers/loopback.ts';
import type { LoopbackServer } from '../../../src/simulator/servers/loopback.ts';
import { stsHandler } from '../../../src/simulator/servers/sts-server.ts';
import { allow, hubAccount, hubRole, hubSession, makeAws, policy } from '../support/aws.ts';
import { roleTrust, targetRole } from '../support/aws.ts';

const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
const alice = `arn:aws:iam::${hubAccount}:user/alice`;
const mfaDevice = { serialNumber: `arn:aws:iam::${hubAccount}:mfa/alice`, code: '123456' };
const aws = makeAws({
  hubPolicy: actions.map((action) => allow(action, targetRole)),
  targetTrust: roleTrust(hubRole, { Action: actions }),
});
const withMfa = `${targetRole}-mfa`;

let server: LoopbackServer;
let ca: string;
let user: UserSession;
beforeAll(async () => {
  user = aws.sessions.createAccessKey(aws.iam.createUser({ arn: alice, mfaDevice }));
  aws.iam.putPolicy(alice, 'own', policy(allow('sts:AssumeRole', withMfa)));
  const Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  aws.iam.createRole({ arn: withMfa, trust: policy(roleTrust(alice, { Condition })) });
  const authority = await makeAuthority('test');
  ca = authority.pem;
  server = await listen(await authority.issue(), stsHandler(aws));
});
afterAll(() => server.close());

const client = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): STSClient =>
  new STSClient({
    region: 'eu-west-1',
    endpoint: server.url,
    maxAttempts: 1,
    requestHandler: { httpsAgent: { ca } },
    // The world's clock stands still, at its own time.
    systemClockOffset: aws.clock.now() - Date.now(),
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) },
  });

const assume = (credentials: Credentials, over: Partial<AssumeRoleCommandInput>) => {
  const input = { RoleArn: targetRole, RoleSessionName: 'job', ...over };
  return client(credentials).send(new AssumeRoleCommand(input));
};

describe('what the unmodified AWS SDK passes with AssumeRole', () => {
  it('becomes tags, and a source identity that the answer has too', async () => {
    const { Credentials, SourceIdentity } = await assume(hubSession(aws).credentials, {
      Tags: [
        { Key: 'team', Value: 'golf' },
        { Key: 'env', Value: '' },
      ],
      TransitiveTagKeys: ['env'],
      SourceIdentity: 'run-1',
    });
    expect(SourceIdentity).toBe('run-1');
    expect(aws.sessions.find(Credentials?.AccessKeyId ?? '')).toMatchObject({
      tags: new Map([
        ['team', 'golf'],
        ['env', ''],
      ]),
      transitiveTagKeys: ['env'],
      sourceIdentity: 'run-1',
    });
  });

  it('is refused as STS refuses it', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }];
    await expect(
      assume(hubSession(aws).credentials, { Tags: [...Tags, { Key: 'TEAM', Value: 'b' }] }),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue', $metadata: { httpStatusCode: 400 } });
    await expect(assume(hubSession(aws).credentials, { Policy: '{}' })).rejects.toMatchObject({
      message: 'The parameter Policy is not simulated.',
    });
  });

  it('proves a person’s MFA, with the request or with a session', async () => {
    const RoleArn = withMfa;
    const proof = { SerialNumber: mfaDevice.serialNumber, TokenCode: mfaDevice.code };
    await expect(assume(user.credentials, { RoleArn })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    const { AssumedRoleUser } = await assume(user.credentials, { RoleArn, ...proof });
    expect(AssumedRoleUser?.Arn).toMatch(/assumed-role\/sts-prd-js-encryption-role-mfa\/job$/);

    const got = await client(user.credentials).send(new GetSessionTokenCommand(proof));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = got.Credentials ?? {};
    const session: Credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    await expect(assume(session, { RoleArn })).resolves.toBeDefined();
  });

  it('is read from a query string too', async () => {
    const dispatcher = new Agent({ connect: { ca } });
    const query = 'Action=AssumeRole&Version=2011-06-15&Tags.member.x.Key=a';
    const { statusCode, body } = await request(`${server.url}/?${query}`, { dispatcher });
    expect([statusCode, await body.text()]).toEqual([
      400,
      expect.stringContaining('The parameter Tags.member.x.Key is not simulated.'),
    ]);
    await dispatcher.close();
  });
});
