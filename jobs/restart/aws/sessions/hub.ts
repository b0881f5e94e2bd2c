import type { DirectWebIdentity, PlannedIdentity } from '../../../../src/plan/restart-plan.ts';
import type { LinkError } from '../../link-error.ts';
import { renewing, type Fresh } from '../renewing.ts';
import { sessionName } from '../session-name.ts';
import { readWebIdentity } from '../web-identity.ts';
import { assumeByWebIdentity } from './by-web-identity.ts';
import { fromContainer } from './container.ts';
import { fromNodeAgent } from './node-agent.ts';
import type { Session, SessionOptions } from './session.ts';

/** Who the pod is by one session, whatever it reaches. */
export type HubIdentity = Exclude<PlannedIdentity, DirectWebIdentity>;

/** Seconds: what IAM lets a role's session be by default. */
const durationSeconds = 3600;

/** The pod's own session, kept fresh. Every call may throw `LinkError`. */
export function hubSession(identity: HubIdentity, options: SessionOptions): Fresh<Session> {
  const { clock, environment, restart } = options;
  switch (identity.kind) {
    case 'irsa':
      return renewing(clock, async () => {
        const { roleArn, region } = identity;
        const token = await readWebIdentity(environment, roleArn);
        return assumeByWebIdentity(
          { roleArn, region, token, durationSeconds, sessionName: sessionName(restart) },
          options,
        );
      });
    case 'eks-pod-identity':
      return renewing(clock, () => fromContainer(identity, options));
    case 'kiam':
    case 'kube2iam':
      return renewing(clock, () => fromNodeAgent(identity, options), agentMayReturn);
  }
}

/** An agent that has just restarted knows no pods for a while; it was waited for, and may take longer. */
const agentMayReturn = ({ link, transient }: LinkError): boolean =>
  transient || link === 'identity';
