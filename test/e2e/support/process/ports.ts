import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';

/**
 * Ports of the loopback interface that are free now, all different: below those that the kernel gives
 * to outgoing connections, where it tells them, as one of these could take a port before its server
 * does. Any others elsewhere.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = await listenOn(candidates.next().value);
    if (server) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

/** Whether nobody listens on that port of the loopback interface. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server) await close(server);
  return server !== undefined;
}

// One for all calls: what one call has handed out may not be in use yet when the next one looks.
const candidates = portsInTurn();

/** Without end, from anywhere in the range; 0 lets the kernel choose. */
function* portsInTurn(): Generator<number, never> {
  // Above Kubernetes' own (10250, …) and those that fetch refuses (10080).
  const lowest = 20_000;
  const count = firstEphemeral() - lowest;
  const start = Math.floor(Math.random() * count);
  for (let turn = 0; ; turn++) yield count < 1000 ? 0 : lowest + ((start + turn) % count);
}

/** From the kernel's ip-sysctl.rst, ip_local_port_range; 0 where there is none. */
function firstEphemeral(): number {
  try {
    return parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return 0;
  }
}

/** Undefined where someone listens already. */
function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));
