import type { KubeObject } from '../../../support/kube-client.ts';
import { until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';

/** A pod of a Job, as far as its AWS identity goes. */
export interface JobPod extends KubeObject {
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly [
      {
        readonly env: readonly { readonly name: string; readonly value?: string }[];
        readonly volumeMounts: readonly { readonly name: string }[];
      },
    ];
    readonly volumes: readonly {
      readonly name: string;
      readonly projected?: { readonly sources: readonly unknown[] };
    }[];
  };
}

/** The pod of a Job that is made from a CronJob, as by its schedule. */
export async function runOnce(
  cluster: RealCluster,
  namespace: string,
  cronJob: string,
): Promise<JobPod> {
  const job = `${cronJob}-now`;
  const create = ['--warnings-as-errors', '-n', namespace, 'create', 'job', job];
  await cluster.mustKubectl([...create, `--from=cronjob/${cronJob}`]);
  const pods = `/api/v1/namespaces/${namespace}/pods?labelSelector=batch.kubernetes.io/job-name=${job}`;
  return until(`the pod of ${job}`, async () => {
    const [pod] = await cluster.admin.list(pods);
    return pod as JobPod | undefined;
  });
}

/** What a token says, as whoever gets it reads it. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly iat: number;
  readonly exp: number;
}

export interface TokenSource {
  readonly audience: string;
  readonly expirationSeconds: number;
}

/** A token as the kubelet asks for it for a pod's volume; kwok has no kubelet (kubelet, TokenRequest). */
export async function requestToken(
  { admin }: RealCluster,
  { metadata, spec }: JobPod,
  { audience, expirationSeconds }: TokenSource,
): Promise<string> {
  const { namespace = '', name, uid } = metadata;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${spec.serviceAccountName}/token`;
  const { status } = await admin.call<{ readonly status: { readonly token: string } }>(path, {
    method: 'POST',
    body: {
      spec: {
        audiences: [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    },
  });
  return status.token;
}

export const claimsOf = (token: string): TokenClaims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as TokenClaims;
