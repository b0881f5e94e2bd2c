import { join } from 'node:path';
import { binary } from '../process/binaries.ts';
import { Daemon } from '../process/daemon.ts';
import { freePorts } from '../process/ports.ts';
import { mustHelm } from '../helm/helm.ts';
import { run } from '../process/command.ts';
import { Hopeless, until } from '../../../support/wait.ts';

/** A real OCI registry on loopback. By its name, `localhost`, clients speak HTTP to it. */
export class Registry {
  /** Without `oci://`. */
  readonly host: string;
  readonly #daemon: Daemon;

  private constructor(host: string, daemon: Daemon) {
    this.host = host;
    this.#daemon = daemon;
  }

  static async start(folder: string): Promise<Registry> {
    const [port = 0] = await freePorts(1);
    const daemon = new Daemon({
      program: binary('crane'),
      args: ['registry', 'serve', '--address', `127.0.0.1:${port}`],
      logFile: join(folder, 'registry.log'),
    });
    const registry = new Registry(`localhost:${port}`, daemon);
    await until('the registry answers', async () => {
      if (!daemon.running) throw new Hopeless(daemon.failure());
      return (await fetch(`http://127.0.0.1:${port}/v2/`)).ok;
    });
    return registry;
  }

  /**
   * `helm package`, `helm push`.
   *
   * @param more what `helm package` is told besides
   * @returns the tag, as OCI has it
   */
  async push(chart: string, path: string, folder: string, more: readonly string[] = []) {
    const said = await mustHelm(['package', chart, '--destination', folder, ...more]);
    const file = /saved it to: (.+)$/m.exec(said)?.[1] ?? '';
    const args = ['push', file, `oci://${this.host}/${path}`, '--plain-http'];
    const { code, stderr } = await run(binary('helm'), args);
    // It says on stderr what it has pushed.
    const tag = /^Pushed: [^\n]*:([^\s:]+)$/m.exec(stderr)?.[1];
    if (code !== 0 || tag === undefined) throw new Error(`helm push: ${stderr}`);
    return tag;
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
  }
}
