import { readFileSync } from 'node:fs';
import { run as cli, type Run, type Surroundings } from './run.ts';
import { startHub, type TestHub } from './hub.ts';
import type { KubeCluster } from '../../../src/simulator/kube/api-server.ts';

/** The live ConfigMap as the API server holds it. */
export interface StoredAwsAuth {
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1: unknown }[];
  };
}

/** The target golf-prd of seed 000 on loopback TLS, and the command line for it. */
export interface TestTarget {
  readonly hub: TestHub;
  readonly kube: KubeCluster;
  /** `undefined` where there is none. */
  live(): StoredAwsAuth | undefined;
  /** Makes the ConfigMap anew with these sections; none: there is no ConfigMap. */
  reset(data?: Readonly<Record<string, string>>): Promise<void>;
  /** As someone else writes it. */
  patch(body: unknown): Promise<void>;
  /** `rollcall aws-auth …`, for golf-prd by its admin. Fails where a credential is printed. */
  run(argv: readonly string[], around?: Surroundings): Promise<Run>;
  close(): Promise<void>;
}

const collection = '/api/v1/namespaces/kube-system/configmaps';
const path = `${collection}/aws-auth`;

export async function startTarget(): Promise<TestTarget> {
  const hub = await startHub();
  const { world, adminToken } = hub.fleet;
  const kube = world.clusters.get('golf-prd')?.kube;
  if (!kube) throw new Error('no target');
  // Before any test comes between.
  const handle = kube.handle.bind(kube);
  const call = async (method: string, to: string, type: string, body?: unknown): Promise<void> => {
    const answer = await handle({
      method,
      path: to,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: new AbortController().signal,
    });
    if (answer.status >= 300 && answer.status !== 404) throw new Error(JSON.stringify(answer));
  };
  const token = /token: (\S+)/.exec(readFileSync(hub.kubeconfig, 'utf8'))?.[1] ?? '';
  if (token.length < 20) throw new Error('no token to look for');
  return {
    hub,
    kube,
    live: () => kube.read('ConfigMap', 'kube-system', 'aws-auth'),
    async reset(data) {
      await call('DELETE', path, 'application/json');
      if (!data) return;
      const metadata = { name: 'aws-auth', namespace: 'kube-system', labels: { owner: 'someone' } };
      await call('POST', collection, 'application/json', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data,
      });
    },
    patch: (body) => call('PATCH', path, 'application/merge-patch+json', body),
    async run([command = '', ...rest], around = {}) {
      const file = rest.includes('-f') ? [] : ['-f', hub.fleetFile];
      const config = rest.includes('--kubeconfig') ? [] : ['--kubeconfig', hub.kubeconfig];
      const context = rest.includes('--context') ? [] : ['--context', 'golf-prd'];
      const cluster = rest.includes('--cluster') ? [] : ['--cluster', 'golf-prd'];
      const argv = ['aws-auth', command, ...rest, ...file, ...config, ...context, ...cluster];
      const said = await cli(argv, around);
      if (`${said.stdout}${said.stderr}`.includes(token)) throw new Error('a token was printed');
      return said;
    },
    close: () => hub.close(),
  };
}
