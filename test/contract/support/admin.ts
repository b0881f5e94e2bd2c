import type { AdminRequest, Lab } from '../laboratory.ts';

/** What the admin is answered. Throws where that is no success. */
export async function asAdmin<T = unknown>(
  lab: Lab,
  cluster: string,
  request: AdminRequest,
): Promise<T> {
  const { status, body } = await lab.admin(cluster, request);
  if (status >= 300) {
    throw new Error(
      `${request.method ?? 'GET'} ${request.path}: ${status} ${JSON.stringify(body)}`,
    );
  }
  return body as T;
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** The stamps of the pods of one workload, which have its name as the label `app`. */
export async function podStamps(
  lab: Lab,
  cluster: string,
  namespace: string,
  app: string,
): Promise<readonly (string | undefined)[]> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`;
  const { items } = await asAdmin<{ readonly items: readonly Pod[] }>(lab, cluster, { path });
  return items.map(({ metadata }) => metadata.annotations?.['kubectl.kubernetes.io/restartedAt']);
}
