import { readFileSync } from 'node:fs';
import { prepare } from '../../../../charts/pipeline.ts';
import { issuerHostPath } from '../../../../src/names/arn.ts';
import { document, ownContext, sessionOf, userOf } from './scenario.ts';
import type { Json, Scenario } from './scenario.ts';

/** The documents that are generated for one role. */
export interface RoleDocuments {
  readonly trust: Json[];
  readonly permissions: Json[];
}

/** A token of a ServiceAccount, as STS sees it. */
export interface Token {
  readonly issuer: string;
  /** `NAMESPACE/NAME` */
  readonly serviceAccount: string;
  /** Default: `sts.amazonaws.com`. */
  readonly audience?: string;
  /** Whose account's provider for the issuer vouches. Default: the role's. */
  readonly providerAccount?: string;
}

/** A pod, as EKS tells STS of it. */
export interface PodOfCluster {
  readonly clusterArn: string;
  /** `NAMESPACE/NAME` */
  readonly serviceAccount: string;
}

/** The tags by which trusts tell pods apart, which a chain carries on. */
export function podTags({
  clusterArn,
  serviceAccount,
}: PodOfCluster): Readonly<Record<string, string>> {
  const [namespace = '', name = ''] = serviceAccount.split('/');
  return {
    'aws:RequestTag/eks-cluster-arn': clusterArn,
    'aws:RequestTag/kubernetes-namespace': namespace,
    'aws:RequestTag/kubernetes-service-account': name,
  };
}

/** What may be asked of an example's generated documents, each a scenario. */
export class EvaluatedFleet {
  /** By the ARN of the role. */
  readonly roles: ReadonlyMap<string, RoleDocuments>;

  constructor(roles: ReadonlyMap<string, RoleDocuments>) {
    this.roles = roles;
  }

  /** A pod becomes a role with its token. */
  webIdentity(role: string, token: Token): Scenario {
    const [, partition = '', , , account = ''] = role.split(':');
    const host = issuerHostPath(token.issuer);
    return {
      caller: {
        kind: 'federated',
        providerArn: `arn:${partition}:iam::${token.providerAccount ?? account}:oidc-provider/${host}`,
      },
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: role,
      context: {
        [`${host}:sub`]: `system:serviceaccount:${token.serviceAccount.replace('/', ':')}`,
        [`${host}:aud`]: token.audience ?? 'sts.amazonaws.com',
        'sts:RoleSessionName': 'job',
      },
      trust: this.#trust(role),
    };
  }

  /** EKS becomes a role for a pod, with its tags. */
  podIdentity(role: string, pod: PodOfCluster, action = 'sts:AssumeRole'): Scenario {
    const { clusterArn } = pod;
    return {
      caller: { kind: 'service', service: 'pods.eks.amazonaws.com' },
      action,
      resource: role,
      context: {
        ...podTags(pod),
        'aws:SourceAccount': clusterArn.split(':')[4] ?? '',
        'aws:SourceArn': clusterArn,
      },
      trust: this.#trust(role),
    };
  }

  /** A person becomes a role, with a permission of their own for it. */
  asUser(userArn: string, role: string, more: Scenario['context'] = {}): Scenario {
    const caller = userOf(userArn);
    return {
      caller,
      action: 'sts:AssumeRole',
      resource: role,
      context: { ...ownContext(caller), ...more },
      identity: [document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role })],
      trust: this.#trust(role),
    };
  }

  /** A role's session becomes another role. */
  assumeRole(from: string, to: string, more: Scenario['context'] = {}): Scenario {
    return { ...this.inAccount(from, 'sts:AssumeRole', to, more), trust: this.#trust(to) };
  }

  /** A role's session does something else, which only its own permissions decide. */
  inAccount(
    role: string,
    action: string,
    resource: string,
    more: Scenario['context'] = {},
  ): Scenario {
    const caller = sessionOf(role);
    return {
      caller,
      action,
      resource,
      context: { ...ownContext(caller), 'sts:RoleSessionName': 'job', ...more },
      identity: this.roles.get(role)?.permissions ?? [],
    };
  }

  /** A role that is not generated trusts nobody. */
  #trust(role: string): Json {
    const statements = (this.roles.get(role)?.trust ?? []).flatMap(({ Statement }) => Statement);
    return statements.length > 0 ? { Version: '2012-10-17', Statement: statements } : nobody;
  }
}

const nobody: Json = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'nobody.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

/** The steps whose file is a policy of a role. */
const kinds = new Map<string, keyof RoleDocuments>([
  ['create-role', 'trust'],
  ['add-trust-statements', 'trust'],
  ['put-permissions', 'permissions'],
  ['add-permission-statements', 'permissions'],
  ['attach-managed-policy', 'permissions'],
]);

/** The fleet of examples/NAME.yaml, with the IAM documents that are generated for it. */
export function evaluatedFleet(name: string): EvaluatedFleet {
  const file = new URL(`../../../../examples/${name}.yaml`, import.meta.url);
  return evaluatedText(readFileSync(file, 'utf8'));
}

/** The fleet of a fleet file's text. */
export function evaluatedText(text: string): EvaluatedFleet {
  const prepared = prepare(text, 'fleet.yaml');
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.diagnostics));
  const texts = new Map(prepared.iam.map(({ path, text }) => [path, text]));
  const roles = new Map<string, RoleDocuments>();
  for (const step of prepared.order.steps) {
    const kind = kinds.get(step.action);
    if (kind === undefined || !('file' in step)) continue;
    const documents = roles.get(step.arn) ?? { trust: [], permissions: [] };
    documents[kind].push(JSON.parse(texts.get(step.file) ?? '') as Json);
    roles.set(step.arn, documents);
  }
  return new EvaluatedFleet(roles);
}
