import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { apiContract } from '../contract/api/contract.ts';
import { startCluster } from './support/cluster/cluster.ts';
import { startEtcd } from './support/cluster/etcd.ts';

apiContract({
  name: 'real',
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-api-'));
    const etcd = await startEtcd(folder);
    const cluster = await startCluster({ name: 'one', folder: join(folder, 'one'), etcd });
    const compact = async (): Promise<void> => {
      const list = await cluster.admin.call('/api/v1/namespaces');
      const revision = list.metadata.resourceVersion;
      const { statusCode, body } = await request(`${etcd.url}/v3/kv/compaction`, {
        method: 'POST',
        body: JSON.stringify({ revision, physical: true }),
      });
      if (statusCode !== 200) throw new Error(await body.text());
      await body.dump();
      // What it has kept in memory goes too.
      await cluster.server.kill();
      await cluster.server.start();
    };
    const close = async (): Promise<void> => {
      await cluster.stop();
      await etcd.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    return { client: cluster.admin, compact, close };
  },
});
