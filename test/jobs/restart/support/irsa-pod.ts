import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { hubSession } from '../../../../jobs/restart/aws/sessions/hub.ts';
import { createSessions } from '../../../../jobs/restart/aws/sessions/sessions.ts';
import { stsCredentials, stsFailure, type AwsFailure } from './aws-answers.ts';
import { startServer, type LocalServer } from './local-server.ts';
import { makeJwt } from './secrets.ts';
import { hubRoleArn, identity } from './targets.ts';
import { VirtualClock } from './virtual-clock.ts';

export const claims = {
  iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
  sub: 'system:serviceaccount:sts:key-restarter',
  aud: ['sts.amazonaws.com'],
};
export const web = 'AssumeRoleWithWebIdentity';
export const chained = 'AssumeRole';

/** A pod with a web identity, and the STS that it asks: a new one for each test of the file. */
export class IrsaPod {
  sts!: LocalServer;
  clock = new VirtualClock();
  tokenFile = '';
  /** By action: what STS says from now on; absent: credentials for an hour. */
  failures: Partial<Record<string, AwsFailure>> = {};

  constructor() {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sessions-'));
      this.tokenFile = join(folder, 'token');
      // What must not shadow the role.
      process.env['AWS_ACCESS_KEY_ID'] = 'AKIASHADOWSHADOWSHAD';
      process.env['AWS_SECRET_ACCESS_KEY'] = 'shadow';
    });
    beforeEach(() => this.#start());
    afterEach(() => this.sts.close());
    afterAll(() => rm(folder, { recursive: true }));
  }

  /** What STS was asked for, in order. */
  readonly asked = (action: string) =>
    this.sts.seen
      .map(({ body, headers }) => ({ form: new URLSearchParams(body), headers }))
      .filter(({ form }) => form.get('Action') === action);

  /** @param more put over the plan's identity */
  readonly makeSessions = (environment: Record<string, string> = {}, more: object = {}) => {
    const options = {
      environment: {
        AWS_ROLE_ARN: hubRoleArn,
        AWS_WEB_IDENTITY_TOKEN_FILE: this.tokenFile,
        ...environment,
      },
      clock: this.clock,
      restart: 'after-key-creation',
      version: '0.0.0',
    };
    const whole = { ...identity, ...more };
    return { hub: hubSession(whole, options), target: createSessions(whole, options) };
  };

  async #start(): Promise<void> {
    await writeFile(this.tokenFile, `${makeJwt(claims)}\n`);
    this.clock = new VirtualClock();
    this.failures = {};
    this.sts = await startServer(({ body }, response) => {
      const action = new URLSearchParams(body).get('Action') ?? '';
      const failure = this.failures[action];
      if (failure) stsFailure(response, failure);
      else stsCredentials(response, action, this.clock.now() + 60 * 60_000);
    });
    process.env['AWS_ENDPOINT_URL_STS'] = this.sts.url;
  }
}
