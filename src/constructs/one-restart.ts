import type { Construct } from 'constructs';
import type { AccessGraph } from '../access/graph.ts';
import { planAccess } from '../access/plan-access.ts';
import type { FleetPath, Problem } from '../fleet/diagnostic.ts';
import { loadFleet } from '../fleet/load.ts';
import { parseRoleArn } from '../names/arn.ts';
import { inOwnWords } from './own-words.ts';
import { PropsError, propName, type PropsProblem } from './props-error.ts';
import type { RestartCronJobProps } from './restart-cron-job-props.ts';
import type { RestartIdentity } from './restart-identity.ts';

/** What a fleet of one restart is made of. */
export interface OneRestart extends Pick<
  RestartCronJobProps,
  | 'name'
  | 'region'
  | 'identity'
  | 'image'
  | 'schedule'
  | 'timeZone'
  | 'suspend'
  | 'targets'
  | 'workloads'
  | 'strategy'
> {
  readonly fleet: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * The access graph of a fleet with one hub, one service and one restart, so that a construct's props
 * are under exactly the rules of a fleet file, and decided by what decides them there. The hub comes
 * first, then the targets in their order.
 *
 * @throws PropsError for all that is wrong, each at its prop
 */
export function planOneRestart(scope: Construct, restart: OneRestart): AccessGraph {
  const loaded = loadFleet(JSON.stringify(fleetOf(restart)), 'props');
  if (loaded.kind === 'invalid') throw new PropsError(scope, atProps(loaded.diagnostics));
  const access = planAccess(loaded.fleet);
  if (access.kind === 'invalid') throw new PropsError(scope, atProps(access.problems));
  return access.graph;
}

/** Only the hub's trusts and agents would need it, and no construct writes them. */
const notWritten = {
  oidcIssuer: 'https://issuer.invalid',
  kiamServerRole: 'kiam-server-of-the-hub',
  nodeRole: 'nodes-of-the-hub',
  role: 'role-of-the-restart',
} as const;

/** As a fleet file says it. What is not given is left out, and has the fleet file's default. */
function fleetOf(restart: OneRestart): object {
  const { fleet, name, region, namespace, serviceAccount, identity, targets, strategy } = restart;
  const hub = nameBeside(targets.map((target) => target.name));
  const roles = targets.map(({ roleArn }) => roleParts(roleArn));
  const own = identity.kind === 'irsa-direct' ? roles[0] : roleParts(identity.roleArn);
  const accounts = [own, ...roles].map((role) => role?.account ?? '');
  return {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: fleet,
    image: restart.image,
    accounts: Object.fromEntries(accounts.map((account) => [account, account])),
    clusters: [
      { name: hub, account: accounts[0], region, ...hubParts(identity) },
      ...targets.map((target, index) => ({
        ...target,
        // They stand with the service's reach.
        roleArn: undefined,
        externalId: undefined,
        account: roles[index]?.account,
      })),
    ],
    services: [
      {
        name,
        env: 'restart',
        cluster: hub,
        namespace,
        existingNamespace: true,
        serviceAccount,
        existingRole: true,
        role: notWritten.role,
        ...(identity.kind === 'irsa-direct' ? {} : { role: own?.role, rolePath: own?.rolePath }),
        podIdentity: podIdentityOf(identity),
        reach: targets.map(({ name: cluster, externalId }, index) => ({
          clusters: [cluster],
          existing: true,
          role: roles[index]?.role,
          rolePath: roles[index]?.rolePath,
          externalId,
        })),
      },
    ],
    restarts: [
      {
        name,
        service: name,
        schedule: restart.schedule,
        timeZone: restart.timeZone,
        suspend: restart.suspend,
        clusters: targets.map((target) => target.name),
        workloads: restart.workloads,
        strategy,
      },
    ],
  };
}

function nameBeside(names: readonly string[]): string {
  let name = 'hub';
  while (names.includes(name)) name += '-1';
  return name;
}

function roleParts(arn: string) {
  const parsed = parseRoleArn(arn);
  return parsed && { account: parsed.account, role: parsed.name, rolePath: parsed.path };
}

function podIdentityOf(identity: RestartIdentity): object {
  const notThere = {
    ...{ kind: undefined, roleArn: undefined },
    ...{ serviceAccount: undefined, namespace: undefined },
  };
  switch (identity.kind) {
    case 'irsa':
      return { irsa: { ...identity, ...notThere } };
    case 'irsa-direct':
      return { irsa: { ...identity, ...notThere, hops: 1 } };
    case 'eks-pod-identity':
      return { 'eks-pod-identity': { ...identity, ...notThere } };
    case 'kiam':
    case 'kube2iam':
      return { [identity.kind]: { ...identity, ...notThere } };
  }
}

function hubParts({ kind }: RestartIdentity): object {
  const { oidcIssuer, kiamServerRole: serverRole, nodeRole } = notWritten;
  switch (kind) {
    case 'irsa':
    case 'irsa-direct':
      return { oidcIssuer };
    case 'kiam':
      return { agents: { kiam: { existing: true, serverRole, nodeRole } } };
    case 'kube2iam':
      return { agents: { kube2iam: { existing: true, nodeRoles: [nodeRole] } } };
    case 'eks-pod-identity':
      return {};
  }
}

/** What is wrong where a target's name only stands again is said at the name itself. */
function atProps(problems: readonly Problem[]): readonly PropsProblem[] {
  const own = problems.filter(({ path }) => path[2] !== 'clusters' && path[4] !== 'clusters');
  return (own.length > 0 ? own : problems).map(atProp);
}

const atProp = (problem: Problem): PropsProblem => ({
  code: problem.code,
  prop: propName(propPath(problem.path)),
  ...inOwnWords(problem),
});

/** The prop that stands at a place of the fleet. */
function propPath(path: FleetPath): FleetPath {
  const [area, index, ...rest] = path;
  if (area === 'name') return ['fleet'];
  if (area === 'clusters') {
    return typeof index === 'number' && index > 0
      ? ['targets', index - 1, ...ofTarget(rest)]
      : rest;
  }
  if (area === 'services') return ofService(rest);
  if (area !== 'restarts') return path.slice(0, 1);
  const [key, ...inKey] = rest;
  return key === 'clusters' ? ['targets', ...inKey] : rest;
}

function ofService(path: FleetPath): FleetPath {
  const [key, ...rest] = path;
  if (key === 'reach') return ['targets', ...rest.slice(0, 1), ...ofTarget(rest.slice(1))];
  // Below it stands the word that chooses it.
  if (key === 'podIdentity') return ['identity', ...rest.slice(1)];
  if (key === 'role' || key === 'rolePath') return ['identity', 'roleArn'];
  return key === 'serviceAccount' ? ['identity', key] : path;
}

function ofTarget(path: FleetPath): FleetPath {
  const [key] = path;
  if (key === 'clusters') return [];
  return key === 'account' || key === 'role' || key === 'rolePath' ? ['roleArn'] : path;
}
