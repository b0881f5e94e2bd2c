import type {
  DirectWebIdentity,
  PlannedIdentity,
  PlannedTarget,
} from '../../../../src/plan/restart-plan.ts';
import { renewing, type Fresh } from '../renewing.ts';
import { sessionName } from '../session-name.ts';
import { readWebIdentity } from '../web-identity.ts';
import { assumeTargetRole } from './assume-role.ts';
import { assumeByWebIdentity } from './by-web-identity.ts';
import { hubSession } from './hub.ts';
import type { Session, SessionOptions } from './session.ts';

/** A session of a target's role, renewed before it expires. Every call may throw `LinkError`. */
export type Sessions = (target: PlannedTarget) => Fresh<Session>;

/** The way to the targets' sessions that the plan's identity asks for: each target's is made once, and kept. */
export function createSessions(identity: PlannedIdentity, options: SessionOptions): Sessions {
  const sessionOf = wayTo(identity, options);
  const targets = new Map<string, Fresh<Session>>();
  return (target) => {
    const known = targets.get(target.cluster) ?? sessionOf(target);
    targets.set(target.cluster, known);
    return known;
  };
}

function wayTo(identity: PlannedIdentity, options: SessionOptions): Sessions {
  const { clock } = options;
  if (identity.kind === 'irsa-direct') {
    return (target) => renewing(clock, () => assumeDirectly(target, identity, options));
  }
  const hub = hubSession(identity, options);
  // The agent made the hop: what it gives is the one target role's session.
  if (identity.kind === 'eks-pod-identity' && identity.targetRole) return () => hub;
  return (target) => renewing(clock, () => assumeTargetRole(target, { hub, identity }, options));
}

async function assumeDirectly(
  target: PlannedTarget,
  { region, sessionSeconds }: DirectWebIdentity,
  options: SessionOptions,
) {
  const request = {
    roleArn: target.roleArn,
    region,
    token: await readWebIdentity(options.environment),
    durationSeconds: sessionSeconds,
    sessionName: sessionName(options.restart, target.cluster),
  };
  return assumeByWebIdentity(request, options);
}
