import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { mustRun } from '../process/command.ts';

/** Volumes of a build, as buildah's `--volume` takes them. A volume is in no layer. */
export type Volumes = readonly string[];

/**
 * How this machine's npm reaches its registry, for the build's npm: settings, CA and cache mounted
 * where npm looks for them. Not as build arguments or `--env`, which end in the image.
 *
 * @param secret put beside the settings as a token of a host that doesn't exist
 */
export async function npmVolumes(folder: string, secret: string): Promise<Volumes> {
  mkdirSync(folder, { recursive: true });
  const settings = await readSettings();
  const ca = settings.cafile ?? process.env.NODE_EXTRA_CA_CERTS;
  const npmrc = join(folder, 'npmrc');
  writeFileSync(npmrc, render(settings, ca !== undefined, secret), { mode: 0o600 });
  const cache = settings.cache ?? join(folder, 'cache');
  mkdirSync(cache, { recursive: true });
  const volumes = [`${npmrc}:/usr/local/etc/npmrc:ro`, `${cache}:/root/.npm`];
  if (ca !== undefined) volumes.push(`${ca}:${caInBuild}:ro`);
  // Whatever authorises it: never read here.
  if (settings.userconfig !== undefined && existsSync(settings.userconfig)) {
    volumes.push(`${settings.userconfig}:/root/.npmrc:ro`);
  }
  return volumes;
}

const caInBuild = '/usr/local/etc/npm-ca.crt';

const passedOn = ['registry', 'replace-registry-host', 'proxy', 'https-proxy', 'noproxy'] as const;

type Settings = Readonly<
  Partial<Record<(typeof passedOn)[number] | 'cafile' | 'cache' | 'userconfig', string>>
>;

async function readSettings(): Promise<Settings> {
  const environment = {
    ...(process.env as Record<string, string>),
    // The global settings are found from the Node that runs npm: the machine's, not the project's.
    PATH: (process.env.PATH ?? '')
      .split(delimiter)
      .filter((part) => !part.includes('node_modules'))
      .join(delimiter),
  };
  const keys = [...passedOn, 'cafile', 'cache', 'userconfig'];
  const lines = (await mustRun('npm', ['config', 'get', ...keys], { environment })).split('\n');
  return Object.fromEntries(
    lines
      .map((line) => /^([a-z-]+)=(.+)$/.exec(line)?.slice(1))
      .filter((pair) => pair !== undefined && pair[1] !== 'null') as [string, string][],
  );
}

function render(settings: Settings, hasCa: boolean, secret: string): string {
  const lines = passedOn.flatMap((key) => {
    const value = settings[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
  if (hasCa) lines.push(`cafile=${caInBuild}`);
  lines.push('prefer-offline=true', `//registry.invalid/:_authToken=${secret}`);
  return `${lines.join('\n')}\n`;
}
