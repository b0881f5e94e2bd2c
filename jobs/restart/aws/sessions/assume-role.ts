import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { PlannedTarget } from '../../../../src/plan/restart-plan.ts';
import { classifyAssumeRole } from '../classify.ts';
import { callDeadline } from '../client-options.ts';
import type { Fresh, Renewable } from '../renewing.ts';
import { sessionName } from '../session-name.ts';
import type { HubIdentity } from './hub.ts';
import type { Session, SessionOptions } from './session.ts';
import { fromSts, stsOptions } from './sts.ts';

/**
 * Seconds. An hour: the most that a chained role gives (IAM User Guide, Roles terms and concepts:
 * role chaining).
 */
const durationSeconds = 3600;

/** From the service's own role into a target's, by AssumeRole. Throws `LinkError`. */
export async function assumeTargetRole(
  target: PlannedTarget,
  from: { readonly hub: Fresh<Session>; readonly identity: HubIdentity },
  { clock, restart, version }: SessionOptions,
): Promise<Renewable<Session>> {
  const { hub, identity } = from;
  const credentials = await hub();
  const client = new STSClient({ ...stsOptions(identity.region, version), credentials });
  try {
    const answer = await client.send(
      new AssumeRoleCommand({
        RoleArn: target.roleArn,
        RoleSessionName: sessionName(restart, target.cluster),
        DurationSeconds: durationSeconds,
        ExternalId: target.externalId,
        SourceIdentity: identity.sourceIdentity,
      }),
      { abortSignal: callDeadline() },
    );
    return fromSts(answer.Credentials, {
      link: 'hub-policy-or-trust',
      roleArn: target.roleArn,
    });
  } catch (error) {
    throw classifyAssumeRole(error, {
      hubRoleArn: identity.roleArn,
      roleArn: target.roleArn,
      hasExternalId: target.externalId !== undefined,
      sourceIdentity: identity.sourceIdentity,
      now: clock.now(),
    });
  } finally {
    client.destroy();
  }
}
