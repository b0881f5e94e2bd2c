import { createKubeClient, type KubeClient } from '../../../../jobs/restart/kube/client.ts';
import type { LocalServer } from './local-server.ts';

/** A client of a local API server. Its token is `token-<number of requests>`. */
export function clientOf(server: LocalServer, requestTimeoutMs = 5000): KubeClient {
  let tokens = 0;
  return createKubeClient({
    url: server.url,
    certificateAuthority: server.certificate,
    token: () => {
      tokens += 1;
      return Promise.resolve(`token-${tokens}`);
    },
    userAgent: 'rollcall/0.0.0',
    caller: 'arn:aws:iam::508208880112:role/r',
    compareOn401: "the cluster's aws-auth mapRoles with that role",
    now: () => Date.UTC(2026, 0, 5),
    requestTimeoutMs,
  });
}
