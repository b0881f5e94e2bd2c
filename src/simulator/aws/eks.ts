import { clusterArn, isRegion, partitionOf } from '../../names/arn.ts';
import type { AccountId } from '../../names/arn.ts';
import { authorizeInAccount } from './authorize.ts';
import { AwsError, validationError } from './aws-error.ts';
import { Calls } from './calls.ts';
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
}

/** Elastic Kubernetes Service: eks:DescribeCluster, in the caller's account and the region asked. */
export class Eks {
  readonly calls = new Calls();
  readonly #clusters: () => Iterable<EksCluster>;

  constructor(clusters: () => Iterable<EksCluster>) {
    this.#clusters = clusters;
  }

  /** Throws `AwsError`: `AccessDeniedException` comes first, so existence is no answer. */
  describeCluster(session: Actor, region: string, name: string): DescribedCluster {
    if (!isRegion(region)) throw validationError(`${region} is not a region`);
    const identity = identityOf(session);
    const account = identity.account as AccountId;
    const arn = clusterArn(partitionOf(region), region, account, name);
    const action = 'eks:DescribeCluster';
    const denied = authorizeInAccount(session, action, arn);
    if (denied) throw new AwsError('AccessDeniedException', denied.message, 403);
    this.calls.tell({ action, resource: arn, caller: identity.arn });
    const cluster = [...this.#clusters()].find(
      (one) => one.account === account && one.region === region && one.eksCluster === name,
    );
    if (!cluster) {
      throw new AwsError('ResourceNotFoundException', `No cluster found for name: ${name}.`, 404);
    }
    return {
      name,
      arn,
      endpoint: cluster.endpoint,
      status: 'ACTIVE',
      version: '1.33',
      certificateAuthority: { data: cluster.certificateAuthority },
      ...(cluster.oidcIssuer === undefined
        ? {}
        : { identity: { oidc: { issuer: cluster.oidcIssuer } } }),
    };
  }
}
