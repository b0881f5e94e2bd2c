import { clusterArn, isRegion, partitionOf } from '../../names/arn.ts';
import type { AccountId, Partition, Region } from '../../names/arn.ts';
import type { AccessEntries, AuthenticationMode } from './access-entries.ts';
import { authorizeInAccount } from './authorize.ts';
import { AwsError, validationError } from './aws-error.ts';
import { Calls } from './calls.ts';
import { pageOf, type Page, type PageRequest } from './eks-pages.ts';
import { identityOf } from './sessions.ts';
import type { Actor } from './sessions.ts';

/** What EKS knows of a cluster. */
export interface EksCluster {
  readonly account: string;
  readonly region: string;
  /** The name that EKS knows it by. */
  readonly eksCluster: string;
  readonly oidcIssuer?: string;
  /** `https://…`; empty until its server listens. */
  readonly endpoint: string;
  /** PEM, base64-encoded. */
  readonly certificateAuthority: string;
  /** Where it looks for who may enter. */
  readonly accessEntries: Pick<AccessEntries, 'mode'>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The part of DescribeCluster's answer that clients use (EKS API reference). */
export interface DescribedCluster {
  readonly name: string;
  readonly arn: string;
  readonly endpoint: string;
  readonly status: 'ACTIVE';
  readonly version: string;
  readonly certificateAuthority: { readonly data: string };
  readonly identity?: { readonly oidc: { readonly issuer: string } };
  readonly accessConfig: { readonly authenticationMode: AuthenticationMode };
  readonly tags: Readonly<Record<string, string>>;
}

/** Elastic Kubernetes Service: its clusters, in the caller's account and the region asked. */
export class Eks {
  readonly calls = new Calls();
  readonly #clusters: () => Iterable<EksCluster>;

  constructor(clusters: () => Iterable<EksCluster>) {
    this.#clusters = clusters;
  }

  /**
   * The names of clusters, a page at a time. Throws `AwsError`. The action has no resource (service
   * authorization reference, EKS).
   */
  listClusters(session: Actor, region: string, page: PageRequest): Page {
    const account = this.#allowed(session, region, 'eks:ListClusters', () => '*');
    const names = [...this.#clusters()]
      .filter((one) => one.account === account && one.region === region)
      .map(({ eksCluster }) => eksCluster);
    return pageOf(names, page, `${account} ${region}`);
  }

  /** Throws `AwsError`: `AccessDeniedException` comes first, so existence is no answer. */
  describeCluster(session: Actor, region: string, name: string): DescribedCluster {
    const arnIn = (account: AccountId, partition: Partition) =>
      clusterArn(partition, region as Region, account, name);
    const account = this.#allowed(session, region, 'eks:DescribeCluster', arnIn);
    const cluster = [...this.#clusters()].find(
      (one) => one.account === account && one.region === region && one.eksCluster === name,
    );
    if (!cluster) {
      throw new AwsError('ResourceNotFoundException', `No cluster found for name: ${name}.`, 404);
    }
    return {
      name,
      arn: arnIn(account, partitionOf(region as Region)),
      endpoint: cluster.endpoint,
      status: 'ACTIVE',
      version: '1.33',
      certificateAuthority: { data: cluster.certificateAuthority },
      ...(cluster.oidcIssuer === undefined
        ? {}
        : { identity: { oidc: { issuer: cluster.oidcIssuer } } }),
      accessConfig: { authenticationMode: cluster.accessEntries.mode },
      tags: cluster.tags,
    };
  }

  /** The caller's account, once it may. */
  #allowed(
    session: Actor,
    region: string,
    action: string,
    resourceOf: (account: AccountId, partition: Partition) => string,
  ): AccountId {
    if (!isRegion(region)) throw validationError(`${region} is not a region`);
    const identity = identityOf(session);
    const account = identity.account as AccountId;
    const resource = resourceOf(account, partitionOf(region));
    const denied = authorizeInAccount(session, action, resource);
    if (denied) throw new AwsError('AccessDeniedException', denied.message, 403);
    this.calls.tell({ action, resource, caller: identity.arn });
    return account;
  }
}
