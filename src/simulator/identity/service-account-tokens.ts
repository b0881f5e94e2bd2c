import { createHash } from 'node:crypto';
import type { Issuers } from '../aws/issuers.ts';
import { decodeClaims } from '../aws/issuers.ts';
import type { SimClock } from '../clock.ts';
import type { KubeCluster, KubeUser } from '../kube/api-server.ts';

/** The audience of tokens for the cluster's own API server. */
export const apiServerAudience = 'https://kubernetes.default.svc';

/** The part of a world that tokens are made in. */
interface TokenWorld {
  readonly clock: SimClock;
  readonly issuers: Issuers;
  readonly clusters: ReadonlyMap<string, TokenCluster>;
}

interface TokenCluster {
  readonly kube: Pick<KubeCluster, 'read'>;
  readonly oidcIssuer?: string | undefined;
}

/**
 * What kubelet asks of the API server (TokenRequest) for a pod of that ServiceAccount. Throws when
 * the cluster is no hub or has no such ServiceAccount. At least 600 seconds, as the API demands.
 *
 * @param pod that the token is bound to; default: none
 */
export function issueServiceAccountToken(
  { clock, issuers, clusters }: TokenWorld,
  clusterName: string,
  namespace: string,
  serviceAccount: string,
  audience: string,
  lifetimeSeconds: number,
  pod?: { readonly name: string; readonly uid: string },
): string {
  const cluster = clusters.get(clusterName);
  const issuer = cluster?.oidcIssuer;
  if (!cluster || issuer === undefined) {
    throw new Error(`${clusterName} is not a hub: the prior state gives it no oidcIssuer.`);
  }
  if (!cluster.kube.read('ServiceAccount', namespace, serviceAccount)) {
    throw new Error(`serviceaccounts "${serviceAccount}" not found in ${clusterName}/${namespace}`);
  }
  if (lifetimeSeconds < 600) throw new Error('may not specify a duration less than 10 minutes');
  const now = Math.floor(clock.now() / 1000);
  const sub = `system:serviceaccount:${namespace}:${serviceAccount}`;
  return issuers.sign({
    iss: issuer,
    sub,
    aud: [audience],
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    'kubernetes.io': {
      namespace,
      ...(pod ? { pod: { name: pod.name, uid: pod.uid } } : {}),
      serviceaccount: { name: serviceAccount, uid: uidOf(`${issuer}/${sub}`) },
    },
  });
}

/** The API server's own authenticator of ServiceAccount tokens; `undefined`: not one of its own. */
export function authenticateServiceAccount(
  { clock, issuers }: Pick<TokenWorld, 'clock' | 'issuers'>,
  { oidcIssuer, kube }: TokenCluster,
  bearer: string,
): KubeUser | undefined {
  const claims = decodeClaims(bearer);
  if (!claims || oidcIssuer === undefined || claims.iss !== oidcIssuer) return undefined;
  const now = clock.now() / 1000;
  if (issuers.verifySignature(bearer) !== undefined || now >= claims.exp || now < claims.nbf) {
    return undefined;
  }
  if (!claims.aud.includes(apiServerAudience)) return undefined;
  const [, namespace = '', name = ''] =
    /^system:serviceaccount:([^:]+):([^:]+)$/.exec(claims.sub) ?? [];
  if (!kube.read('ServiceAccount', namespace, name)) return undefined;
  return {
    username: claims.sub,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
  };
}

/** A UID that is the same for the same text. */
export const uidOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
