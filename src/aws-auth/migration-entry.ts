import { lacksIdentityCenterPath } from '../names/identity-center.ts';
import { isNodeMapping, nodeTypeOf, type NodeType } from './node-role.ts';
import { principalOf } from './principal.ts';
import type { Mapping, SectionName } from './sections.ts';

/** The EKS cluster that is migrated. */
export interface MigratedCluster {
  /** By its name in the fleet file. */
  readonly name: string;
  readonly eksCluster: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
}

/** An access entry that takes over from an `aws-auth` entry. */
export interface PlannedEntry {
  readonly principalArn: string;
  readonly type: 'STANDARD' | NodeType;
  /** Of STANDARD entries alone: EKS gives the others theirs. */
  readonly username?: string;
  readonly groups: readonly string[];
  readonly policies: readonly PlannedPolicy[];
}

/** An access policy of EKS. */
export interface PlannedPolicy {
  readonly policyArn: string;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
}

export interface MigratedEntry extends PlannedEntry {
  readonly section: SectionName;
  /** `fleet`: it has the fleet’s mark, and `rollcall aws-auth remove` takes it out. */
  readonly owner: 'fleet' | 'someone else';
  /** Of the fleet’s own: those by which each form of IAM knows them. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What it has by `aws-auth` and no longer by what the fleet file asks, such as `group admins`. */
  readonly loses?: readonly string[];
}

/** Why an entry stays behind, and what to do about it. */
export interface Obstacle {
  readonly found: string;
  readonly next: string;
}

/**
 * The access entry that gives a principal what it has by `aws-auth`, neither more nor less.
 * Rules: EKS user guide, Create access entries; Set a custom username; Migrating existing entries.
 *
 * @param whole the principal’s ARN with its path, which `aws-auth` leaves out; default: not known
 */
export function planEntry(
  mapping: Mapping,
  cluster: MigratedCluster,
  whole?: string,
): PlannedEntry | Obstacle {
  const planned = principalObstacle(mapping.arn, cluster, whole) ?? entryOf(mapping, cluster);
  return 'type' in planned && whole !== undefined ? { ...planned, principalArn: whole } : planned;
}

function principalObstacle(
  arn: string,
  cluster: MigratedCluster,
  whole: string | undefined,
): Obstacle | undefined {
  const principal = principalOf(arn);
  switch (principal.kind) {
    case 'session':
      return { found: 'a session’s ARN, which has never matched anyone', next: takeItOut };
    case 'other':
      return {
        found: 'no role or user that an access entry can have',
        next: 'Give who needs it a role, and take the entry out by hand.',
      };
    case 'role':
    case 'user':
      break;
  }
  if (principal.partition !== cluster.partition) {
    return {
      found: `of partition ${principal.partition}, from which nobody calls`,
      next: takeItOut,
    };
  }
  if (principal.kind === 'user') return undefined;
  if (principal.path !== '/') {
    return { found: 'a role with a path, which has never matched anyone', next: takeItOut };
  }
  if (principal.name.startsWith('AWSServiceRoleFor')) {
    return {
      found: 'a service-linked role, which access entries do not take',
      next: 'See what the service offers in its place.',
    };
  }
  if (lacksIdentityCenterPath(whole ?? arn)) {
    return {
      found: 'a role of IAM Identity Center, whose path aws-auth leaves out and an entry needs',
      next: `Make the entry by hand, with the ARN that \`aws iam get-role --role-name ${principal.name}\` gives; then take this one out.`,
    };
  }
  return undefined;
}

const takeItOut = 'Take it out by hand; who needs access gets an entry of their own.';

function entryOf(mapping: Mapping, cluster: MigratedCluster): PlannedEntry | Obstacle {
  const { arn: principalArn, username } = mapping;
  if (isNodeMapping(mapping)) return nodeEntry(mapping, cluster);
  const groups = [...new Set(mapping.groups)];
  const reserved = groups.filter((group) => group.startsWith('system:') && group !== masters);
  if (reserved.length > 0) {
    return {
      found: `groups that access entries do not take: ${reserved.join(', ')}`,
      next: 'Bind the same rights to a group of another name, and write that into aws-auth first.',
    };
  }
  if (groups.some((group) => group === '' || group.includes('{{'))) {
    return {
      found: 'a group that is empty or is filled in by session, which access entries do not do',
      next: 'Write plain groups into aws-auth first.',
    };
  }
  const wrong = usernameObstacle(username);
  if (wrong) return wrong;
  return {
    principalArn,
    type: 'STANDARD',
    username,
    groups: groups.filter((group) => group !== masters),
    policies: groups.includes(masters) ? [clusterAdmin(cluster.partition)] : [],
  };
}

function nodeEntry(mapping: Mapping, cluster: MigratedCluster): PlannedEntry | Obstacle {
  const type = nodeTypeOf(mapping);
  if (type === undefined) {
    return {
      found: `nodes with user ${mapping.username} and groups ${mapping.groups.join(', ')}, as no type of access entry has them`,
      next: 'Make them as EKS writes them, or give the role’s other duties to another role.',
    };
  }
  const principal = principalOf(mapping.arn);
  if (principal.kind !== 'role' || principal.account !== cluster.account) {
    return {
      found: 'nodes by a principal that is no role of the cluster’s own account',
      next: 'Give the nodes a role of the cluster’s account.',
    };
  }
  return { principalArn: mapping.arn, type, groups: [], policies: [] };
}

const masters = 'system:masters';
const clusterAdmin = (partition: string): PlannedPolicy => ({
  policyArn: `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
  namespaces: [],
});

const reservedPrefixes = ['system:', 'eks:', 'aws:', 'amazon:', 'iam:'];

function usernameObstacle(username: string): Obstacle | undefined {
  if (username === '') {
    return { found: 'no username', next: 'Write one into aws-auth first.' };
  }
  const prefix = reservedPrefixes.find((one) => username.startsWith(one));
  if (prefix !== undefined) {
    return {
      found: `a username that begins with ${prefix}, which access entries keep for themselves`,
      next: 'Bind its rights to another username, and write that into aws-auth first.',
    };
  }
  const session = /\{\{SessionName(?:Raw)?\}\}/.exec(username);
  if (session && !username.slice(0, session.index).includes(':')) {
    return {
      found: `a username without a colon before ${session[0]}`,
      next: `Write one such as role:${session[0]} into aws-auth first, and into the bindings that name it.`,
    };
  }
  if (username.replaceAll(/\{\{SessionName(?:Raw)?\}\}/g, '').includes('{{')) {
    return {
      found: 'a username that is filled in by more than the session’s name',
      next: 'Write it out, or with {{SessionName}}, into aws-auth first.',
    };
  }
  return undefined;
}
