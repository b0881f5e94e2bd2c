import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { realClock } from '../../src/simulator/clock.ts';
import { KubeCluster } from '../../src/simulator/kube/api-server.ts';
import { makeAuthority } from '../../src/simulator/servers/certificates.ts';
import { kubeHandler } from '../../src/simulator/servers/kube-server.ts';
import { listen } from '../../src/simulator/servers/loopback.ts';
import { apiContract } from '../contract/api/contract.ts';
import { KubeClient } from '../support/kube-client.ts';

jest.setTimeout(60_000);

apiContract({
  name: 'simulated',
  start: async () => {
    const token = randomBytes(24).toString('hex');
    const kube = new KubeCluster({
      clock: realClock,
      authenticate: (bearer) =>
        Promise.resolve(
          bearer === token ? { username: 'admin', groups: ['system:masters'] } : undefined,
        ),
    });
    const authority = await makeAuthority('contract');
    const server = await listen(await authority.issue(), kubeHandler(kube));
    const client = new KubeClient({ url: server.url, ca: authority.pem, token });
    const compact = (): Promise<void> => {
      kube.compact();
      return Promise.resolve();
    };
    const close = async (): Promise<void> => {
      await client.close();
      await server.close();
      kube.close();
    };
    return { client, compact, close };
  },
});
