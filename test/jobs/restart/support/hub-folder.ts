import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub } from '../../../../jobs/restart/kube/hub.ts';
import type { Hub } from '../../../../jobs/restart/ports.ts';
import type { LocalServer } from './local-server.ts';
import { InstantClock } from './virtual-clock.ts';

/** A hub on a local API server, as a pod there would see it. */
export async function openHub(api: LocalServer): Promise<Hub & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-'));
  await writeFile(join(folder, 'ca.crt'), api.certificate);
  await writeFile(join(folder, 'token'), 'token');
  const { hostname, port } = new URL(api.url);
  const hub = await createHub({
    place: { namespace: 'sts', configMaps: ['run-0'], lease: 'after-key' },
    restart: 'after-key',
    host: hostname,
    port,
    serviceAccountDir: folder,
    version: '0.0.0',
    clock: new InstantClock(),
  });
  return {
    ...hub,
    folder,
    async close() {
      await hub.close();
      await rm(folder, { recursive: true });
    },
  };
}
