import { afterEach, expect, it } from '@jest/globals';
import { assumeByWebIdentity } from '../../../../jobs/restart/aws/sessions/by-web-identity.ts';
import { systemClock } from '../../../../jobs/restart/clock.ts';
import { LinkError } from '../../../../jobs/restart/link-error.ts';

const before = process.env.AWS_ENDPOINT_URL_STS;
afterEach(() => {
  if (before === undefined) delete process.env.AWS_ENDPOINT_URL_STS;
  else process.env.AWS_ENDPOINT_URL_STS = before;
});

it.each(['http://sts.example.invalid', 'http://10.0.0.1:8080', 'http://127.0.0.1.example.invalid'])(
  'the pod’s token never goes in clear to %s, whatever the environment says of STS',
  async (endpoint) => {
    process.env.AWS_ENDPOINT_URL_STS = endpoint;
    const request = {
      roleArn: 'arn:aws:iam::000000000001:role/a',
      token: 'planted-secret',
      sessionName: 'rollcall',
      durationSeconds: 3600,
      region: 'eu-west-1',
    };
    const options = { clock: systemClock, version: '0.0.0' };
    const error: unknown = await assumeByWebIdentity(request, options).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LinkError);
    expect(String(error)).toContain('without TLS');
    expect(String(error)).not.toContain('planted-secret');
  },
);
