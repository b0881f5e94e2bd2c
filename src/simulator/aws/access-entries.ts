import { AwsError } from './aws-error.ts';

/** Where a cluster looks for who may enter (EKS user guide, "Cluster authentication modes"). */
export type AuthenticationMode = 'CONFIG_MAP' | 'API_AND_CONFIG_MAP' | 'API';

/** A STANDARD access entry. */
export interface AccessEntry {
  /** A role, with its path, or an IAM user. Of any account. */
  readonly principalArn: string;
  readonly username: string;
  readonly groups: readonly string[];
  /** EKS's own policies. Of them the cluster admin's is simulated, and the others allow nothing. */
  readonly policies: readonly AccessPolicy[];
}

export interface AccessPolicy {
  /** `arn:PARTITION:eks::aws:cluster-access-policy/NAME`. */
  readonly policyArn: string;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
}

const clusterAdmin = /^arn:[\w-]+:eks::aws:cluster-access-policy\/AmazonEKSClusterAdminPolicy$/;

/** The groups that an entry comes to: EKS's authorizer lets a cluster admin do what `system:masters` may. */
export const groupsOf = ({ groups, policies }: AccessEntry): readonly string[] =>
  policies.some(
    ({ policyArn, namespaces }) => clusterAdmin.test(policyArn) && namespaces.length === 0,
  )
    ? [...groups, 'system:masters']
    : groups;

/** EKS user guide, "Create access entries": what a username can't begin with. */
const reserved = /^(?:system:|eks:|aws:|amazon:|iam:)/;

/** The access entries of one cluster, with EKS's own checks. */
export class AccessEntries {
  readonly mode: AuthenticationMode;
  readonly #entries = new Map<string, AccessEntry>();

  constructor(mode: AuthenticationMode) {
    this.mode = mode;
  }

  all(): readonly AccessEntry[] {
    return [...this.#entries.values()];
  }

  /** By the whole ARN: unlike in aws-auth, a path is part of it. */
  find(principalArn: string): AccessEntry | undefined {
    return this.#entries.get(principalArn);
  }

  /** Throws `AwsError` for what CreateAccessEntry refuses. */
  create(entry: AccessEntry): void {
    const { principalArn, username, groups } = entry;
    if (this.mode === 'CONFIG_MAP') {
      throw new AwsError(
        'InvalidRequestException',
        "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
      );
    }
    if (this.#entries.has(principalArn)) {
      throw new AwsError(
        'ResourceInUseException',
        'The specified access entry resource is already in use on this cluster.',
        409,
      );
    }
    if (!/^arn:[\w-]+:iam::\d{12}:(?:role|user)\/(?!aws-service-role\/)\S+$/.test(principalArn)) {
      throw invalid(`The specified principalArn is invalid: invalid principal ${principalArn}`);
    }
    if (reserved.test(username)) throw invalid(`The username ${username} has a reserved prefix.`);
    if (/^[^:]*\{\{SessionName/.test(username)) {
      throw invalid('A username with {{SessionName}} must have a colon before it.');
    }
    const systemGroup = groups.find((group) => group.startsWith('system:'));
    if (systemGroup !== undefined) {
      throw invalid(
        `The kubernetes group name ${systemGroup} is invalid, it cannot start with system:`,
      );
    }
    this.#entries.set(principalArn, entry);
  }

  /** Throws `AwsError` where there is none. */
  remove(principalArn: string): void {
    if (this.#entries.delete(principalArn)) return;
    throw new AwsError(
      'ResourceNotFoundException',
      'The specified principalArn could not be found.',
      404,
    );
  }
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
