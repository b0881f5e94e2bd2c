import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type Credentials,
} from '@aws-sdk/client-sts';
import type { PlannedIdentity, PlannedTarget } from '../../../src/plan/restart-plan.ts';
import { LinkError, type Link } from '../link-error.ts';
import type { Clock } from '../ports.ts';
import { classifyAssumeRole, classifyWebIdentity } from './classify.ts';
import { callDeadline, clientOptions } from './client-options.ts';
import { renewing, type Fresh, type Renewable } from './renewing.ts';
import { sessionName } from './session-name.ts';
import { readClaims, readWebIdentity, type WebIdentityEnvironment } from './web-identity.ts';

/** Temporary credentials of a role. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Sessions by hop. They are renewed before they expire; every call may throw `LinkError`. */
export interface Sessions {
  readonly hub: Fresh<Session>;
  target(target: PlannedTarget): Fresh<Session>;
}

export interface SessionsOptions {
  readonly identity: PlannedIdentity;
  readonly environment: WebIdentityEnvironment;
  readonly clock: Clock;
  /** The restart's name, for the session names that CloudTrail shows. */
  readonly restart: string;
  /** For the User-Agent. */
  readonly version: string;
}

/**
 * An hour: the most that a chained role gives (IAM User Guide, Roles terms and concepts: role
 * chaining), and what the hub's own role gives by default.
 */
const durationSeconds = 3600;
/** A session is renewed this long before it expires. Milliseconds. */
const renewBefore = 5 * 60_000;

/**
 * The hub session by AssumeRoleWithWebIdentity, and with it a session for each target by AssumeRole.
 * Credentials are always given explicitly, never by the SDK's default chain, in which a static
 * AWS_ACCESS_KEY_ID would shadow the role. STS is the regional one of the hub; the SDK itself heeds
 * AWS_ENDPOINT_URL_STS.
 */
export function createSessions(options: SessionsOptions): Sessions {
  const { identity, environment, clock, restart, version } = options;
  const common = { region: identity.region, ...clientOptions(version) };
  const anonymous = new STSClient(common);
  const targets = new Map<string, Fresh<Session>>();

  const hub = renewing(clock, async () => {
    const { roleArn, token } = await readWebIdentity(identity, environment);
    const answer = await anonymous
      .send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: roleArn,
          RoleSessionName: sessionName(restart),
          WebIdentityToken: token,
          DurationSeconds: durationSeconds,
        }),
        { abortSignal: callDeadline() },
      )
      .catch((error: unknown) => {
        throw classifyWebIdentity(error, { roleArn, claims: readClaims(token), now: clock.now() });
      });
    return toRenewable(answer.Credentials, 'identity', roleArn);
  });

  const assume = (target: PlannedTarget) =>
    renewing(clock, async () => {
      const session = await hub();
      const client = new STSClient({ ...common, credentials: session });
      try {
        const answer = await client.send(
          new AssumeRoleCommand({
            RoleArn: target.roleArn,
            RoleSessionName: sessionName(restart, target.cluster),
            DurationSeconds: durationSeconds,
            ExternalId: target.externalId,
          }),
          { abortSignal: callDeadline() },
        );
        return toRenewable(answer.Credentials, 'hub-policy-or-trust', target.roleArn);
      } catch (error) {
        throw classifyAssumeRole(error, {
          hubRoleArn: identity.roleArn,
          roleArn: target.roleArn,
          hasExternalId: target.externalId !== undefined,
          now: clock.now(),
        });
      } finally {
        client.destroy();
      }
    });

  return {
    hub,
    target(target) {
      const known = targets.get(target.cluster) ?? assume(target);
      targets.set(target.cluster, known);
      return known;
    },
  };
}

function toRenewable(
  credentials: Credentials | undefined,
  link: Link,
  roleArn: string,
): Renewable<Session> {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new LinkError(link, `STS gave no whole credentials for ${roleArn}.`, { transient: true });
  }
  const expiresAt = Expiration.getTime();
  return {
    value: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiresAt,
    },
    renewAt: expiresAt - renewBefore,
    expiresAt,
  };
}
