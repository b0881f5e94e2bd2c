import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import {
  CommandRequestMessage,
  NodeStream,
  SshAlgorithms,
  SshAuthenticationType,
  SshServerSession,
  SshSessionConfiguration,
  SshStream,
  type KeyPair,
  type SshChannel,
} from '@microsoft/dev-tunnels-ssh';
import { exportPrivateKey, exportPublicKey } from '@microsoft/dev-tunnels-ssh-keys';
import { mustRun } from '../process/command.ts';

/** Where the one repository is, whatever its folder. */
const place = '/team/fleet';

/** A key of a repository that may only read it, as Flux's Secret holds it. */
export interface DeployKey {
  readonly identity: string;
  readonly 'identity.pub': string;
  readonly known_hosts: string;
}

/** A real Git repository on loopback, by SSH: whoever has the deploy key may read it, and nobody write. */
export class GitServer {
  readonly deployKey: DeployKey;
  /** Every command that was asked for. */
  readonly asked: string[] = [];
  readonly #folder: string;
  readonly #host: KeyPair;
  readonly #client: Buffer;
  readonly #server: Server;

  private constructor(folder: string, host: KeyPair, client: Buffer, key: DeployKey, at: Server) {
    this.#folder = folder;
    this.#host = host;
    this.#client = client;
    this.deployKey = key;
    this.#server = at;
  }

  /** @param folder where the repository is made */
  static async start(folder: string): Promise<GitServer> {
    mkdirSync(folder, { recursive: true });
    const [host, client] = await Promise.all([newKey(), newKey()]);
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const [type, key] = (await exportPublicKey(host)).split(' ');
    const deployKey = {
      identity: await exportPrivateKey(client),
      'identity.pub': await exportPublicKey(client),
      known_hosts: `[127.0.0.1]:${port} ${type} ${key}\n`,
    };
    const bytes = await client.getPublicKeyBytes();
    if (!bytes) throw new Error('a key without bytes');
    const server = new GitServer(folder, host, bytes, deployKey, listener);
    listener.on('connection', (socket) => {
      void server.#serve(new NodeStream(socket));
    });
    listener.unref();
    await server.#git('init', '--quiet', '--bare', '--initial-branch=main', server.#bare);
    await server.#git('init', '--quiet', '--initial-branch=main', server.#work);
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `ssh://git@127.0.0.1:${port}${place}`;
  }

  /**
   * Commits what `write` leaves in the repository's folder, beside what lies there, and pushes it from
   * behind the server.
   *
   * @returns the commit
   */
  async commit(write: (folder: string) => void): Promise<string> {
    const at = ['-C', this.#work];
    write(this.#work);
    await this.#git(...at, 'add', '--all');
    const author = ['-c', 'user.name=team', '-c', 'user.email=team@example.com'];
    await this.#git(...at, ...author, 'commit', '--quiet', '--allow-empty', '-m', 'changed');
    await this.#git(...at, 'push', '--quiet', this.#bare, 'main');
    return (await this.#git(...at, 'rev-parse', 'HEAD')).trim();
  }

  /** Of the last commit. */
  async tag(name: string): Promise<void> {
    await this.#git('-C', this.#work, 'tag', name);
    await this.#git('-C', this.#work, 'push', '--quiet', this.#bare, name);
  }

  /** With real git and the deploy key: its exit code. */
  async push(): Promise<number> {
    const folder = join(this.#folder, 'key');
    mkdirSync(folder, { recursive: true });
    const files = { identity: this.deployKey.identity, known: this.deployKey.known_hosts };
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    const ssh = `ssh -F none -i ${join(folder, 'identity')} -o UserKnownHostsFile=${join(folder, 'known')}`;
    try {
      await mustRun('git', ['-C', this.#work, 'push', this.url, 'main:other'], {
        environment: { GIT_SSH_COMMAND: ssh },
      });
      return 0;
    } catch {
      return 1;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #bare(): string {
    return join(this.#folder, 'fleet.git');
  }

  get #work(): string {
    return join(this.#folder, 'fleet');
  }

  #git(...args: readonly string[]): Promise<string> {
    return mustRun('git', args, { environment: { GIT_CONFIG_NOSYSTEM: '1' } });
  }

  async #serve(stream: NodeStream): Promise<void> {
    const session = new SshServerSession(new SshSessionConfiguration());
    session.credentials = { publicKeys: [this.#host] };
    session.onAuthenticating((event) => {
      event.authenticationPromise = this.#isKnown(event.authenticationType, event.publicKey);
    });
    session.onChannelOpening(({ channel }) => {
      channel.onRequest((event) => {
        if (event.requestType !== 'exec') return;
        const { command = '' } = event.request.convertTo(new CommandRequestMessage());
        this.asked.push(command);
        event.isAuthorized = command === `git-upload-pack '${place}'`;
        if (event.isAuthorized)
          setImmediate(() => {
            this.#upload(channel);
          });
      });
    });
    // It throws when the other side hangs up, which is how a session ends.
    await session.connect(stream).catch(() => undefined);
  }

  async #isKnown(type: SshAuthenticationType, key: KeyPair | null): Promise<object | null> {
    const byKey = [
      SshAuthenticationType.clientPublicKey,
      SshAuthenticationType.clientPublicKeyQuery,
    ].includes(type);
    const bytes = byKey ? await key?.getPublicKeyBytes() : undefined;
    return bytes?.equals(this.#client) ? {} : null;
  }

  #upload(channel: SshChannel): void {
    const child = spawn('git', ['upload-pack', this.#bare], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.on('error', () => undefined);
    new SshStream(channel).pipe(child.stdin);
    child.stdout.on('data', (bytes: Buffer) => void channel.send(bytes).catch(() => undefined));
    child.on('close', (code) => void channel.close(code ?? 1).catch(() => undefined));
  }
}

async function newKey(): Promise<KeyPair> {
  const algorithm = SshAlgorithms.publicKey.ecdsaSha2Nistp384;
  if (!algorithm) throw new Error('no elliptic curves here');
  return algorithm.generateKeyPair();
}
