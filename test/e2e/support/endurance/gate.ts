import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { RealFleet } from '../fleet/real-fleet.ts';

/** The job's way to one cluster's API server, which can be cut and barred. */
export interface Gate {
  /** Ends every connection. New ones are taken, and wait. */
  shut(): void;
  /** Lets those that wait through, and all that come. */
  open(): void;
  /** EKS gives the cluster's own address again. */
  close(): Promise<void>;
}

/** From now on EKS says that the cluster is behind the gate. TLS passes through unread. */
export async function putGate({ world }: RealFleet, cluster: string): Promise<Gate> {
  const described = world.clusters.get(cluster);
  if (!described) throw new Error(`no cluster ${cluster}`);
  const { endpoint } = described;
  const { port, hostname } = new URL(endpoint);
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] | undefined;
  const track = (socket: Socket, peer: () => Socket | undefined): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      peer()?.destroy();
    });
  };
  const server = createServer((client) => {
    let upstream: Socket | undefined;
    track(client, () => upstream);
    const pass = (): void => {
      if (client.destroyed) return;
      upstream = connect(Number(port), hostname);
      track(upstream, () => client);
      client.pipe(upstream).pipe(client);
    };
    if (waiting) waiting.push(pass);
    else pass();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  described.endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    shut: () => {
      waiting = [];
      cut();
    },
    open: () => {
      const passes = waiting ?? [];
      waiting = undefined;
      for (const pass of passes) pass();
    },
    close: async () => {
      described.endpoint = endpoint;
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
