import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '@aws-sdk/client-eks';
import type { Aws, Profile } from '../../../src/cli/import/aws.ts';
import { importExitCodes } from '../../../src/cli/import/exit-codes.ts';
import { runImport } from '../../../src/cli/import/import.ts';
import type { ImportOptions } from '../../../src/cli/import/options.ts';
import type { CliIo } from '../../../src/cli/io.ts';
import { showUserErrors } from '../../../src/cli/user-errors.ts';
import type { AccountId } from '../../../src/names/arn.ts';
import { loadFleet } from '../../../src/fleet/load.ts';
import type { Fleet } from '../../../src/fleet/model.ts';
import type { AuthenticationMode } from '../../../src/simulator/aws/access-entries.ts';
import { Eks, type EksCluster } from '../../../src/simulator/aws/eks.ts';
import { Iam } from '../../../src/simulator/aws/iam.ts';
import { Issuers } from '../../../src/simulator/aws/issuers.ts';
import { Seeded } from '../../../src/simulator/aws/seeded.ts';
import { Sessions, type UserSession } from '../../../src/simulator/aws/sessions.ts';
import { Sts } from '../../../src/simulator/aws/sts.ts';
import { realClock } from '../../../src/simulator/clock.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { send, type Handler } from '../../../src/simulator/servers/loopback.ts';
import { startAwsServers } from '../../../src/simulator/servers/start.ts';

export const accounts = { hub: '903716715040', golf: '508208880112', many: '111122223333' };

const issuerOf = (name: string, region: string): string =>
  `https://oidc.eks.${region}.amazonaws.com/id/${Buffer.from(name).toString('hex').toUpperCase()}`;

export const cluster = (
  account: string,
  eksCluster: string,
  mode: AuthenticationMode = 'CONFIG_MAP',
  other: Partial<EksCluster> = {},
): EksCluster => ({
  account,
  region: 'eu-west-1',
  eksCluster,
  oidcIssuer: issuerOf(eksCluster, other.region ?? 'eu-west-1'),
  endpoint: `https://${'0'.repeat(32)}.gr7.eu-west-1.eks.amazonaws.com`,
  certificateAuthority: 'Q0E=',
  accessEntries: { mode },
  tags: {},
  ...other,
});

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Accounts and their clusters behind STS and EKS, and a profile for each. */
export interface AwsWorld {
  readonly folder: string;
  /** What there is: tests change it. */
  clusters: EksCluster[];
  /** Goes before EKS; true: it has answered. */
  meddle:
    ((request: Parameters<Handler>[0], response: Parameters<Handler>[1]) => boolean) | undefined;
  /** `rollcall import …` as a process, with nothing but the AWS config. Fails where a secret is said. */
  process(...argv: readonly string[]): Promise<Said>;
  /** The same in this process, which is faster: AWS is asked without the SDK. */
  run(options: Partial<ImportOptions>): Promise<Said>;
  fleet(): Fleet;
  close(): Promise<void>;
}

const everything = (...actions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: actions, Resource: '*' },
});

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** Profiles: those of `accounts`; `blind`, who may do nothing; `stale`, whose key nobody knows. */
export async function startAwsWorld(): Promise<AwsWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-import-'));
  const seeded = new Seeded('import');
  const [clock, issuers] = [realClock, new Issuers()];
  const iam = new Iam(Object.values(accounts), seeded);
  const sessions = new Sessions(clock, seeded);
  const sts = new Sts({ iam, issuers, sessions, clock, organization: true });
  const self: Pick<AwsWorld, 'clusters' | 'meddle'> = { clusters: [], meddle: undefined };
  const eks = new Eks(() => self.clusters);
  const world: Partial<World> = { clock, iam, issuers, sessions, sts, eks, clusters: new Map() };
  const servers = await startAwsServers(world as World, {
    around:
      (handler, { kind }) =>
      async (request, response) => {
        if (kind === 'eks' && self.meddle?.(request, response)) return;
        await handler(request, response);
      },
  });
  const secrets: string[] = [];
  const users: [string, UserSession][] = [];
  const profiles = Object.entries({ ...accounts, blind: accounts.hub }).map(([name, account]) => {
    const arn = `arn:aws:iam::${account}:user/${name}`;
    const user = iam.createUser({ arn });
    if (name !== 'blind') {
      iam.putPolicy(arn, 'read', everything('eks:ListClusters', 'eks:DescribeCluster'));
    }
    const session = sessions.createAccessKey(user);
    users.push([name, session]);
    const { accessKeyId, secretAccessKey } = session.credentials;
    secrets.push(accessKeyId, secretAccessKey);
    return profile(name, accessKeyId, secretAccessKey);
  });
  const actors = new Map(users);
  const actorOf = (name: Profile): UserSession => {
    const actor = actors.get(name ?? '');
    if (!actor) throw new Error('no such profile');
    return actor;
  };
  const aws: Aws = {
    regionOf: () => Promise.resolve('eu-west-1'),
    account: (name) => Promise.resolve(actorOf(name).user.account as AccountId),
    list: (name, region) => Promise.resolve(eks.listClusters(actorOf(name), region, {}).clusters),
    describe: (name, region, eksCluster) =>
      Promise.resolve(eks.describeCluster(actorOf(name), region, eksCluster) as Cluster),
    close: () => undefined,
  };
  const staleSecret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  secrets.push(staleSecret);
  profiles.push(profile('stale', 'AKIAIOSFODNN7EXAMPLE', staleSecret));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    AWS_SHARED_CREDENTIALS_FILE: file('credentials', profiles.join('\n')),
    AWS_CONFIG_FILE: file('config', '[profile golf]\nregion = eu-west-1\n'),
    AWS_ENDPOINT_URL_STS: servers.sts,
    AWS_ENDPOINT_URL_EKS: servers.eks,
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: file('ca.pem', servers.ca),
  };
  return Object.assign(self, {
    folder,
    async run(options: Partial<ImportOptions>) {
      const said = { stdout: '', stderr: '' };
      const io: CliIo = {
        stdout: (more) => (said.stdout += more),
        stderr: (more) => (said.stderr += more),
        env: { HOME: folder },
        stdoutIsTerminal: false,
        stderrIsTerminal: false,
        now: () => 0,
      };
      const all = { fleet: join(folder, 'fleet.yaml'), format: 'table', ...options } as const;
      const run = () => runImport(io, all, aws);
      const code = await showUserErrors(io, all.format, run, importExitCodes.error);
      return {
        code,
        stdout: said.stdout.replaceAll(`${folder}/`, ''),
        stderr: said.stderr.replaceAll(`${folder}/`, ''),
      };
    },
    async process(...argv: readonly string[]) {
      const child = spawn(process.execPath, [main, 'import', ...argv], { cwd: folder, env });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      const said = `${stdout}${stderr}`;
      const leak = secrets.find((secret) => said.includes(secret));
      if (leak !== undefined) throw new Error('a secret was said');
      return { code: await ended, stdout, stderr };
    },
    fleet() {
      const loaded = loadFleet(readFileSync(join(folder, 'fleet.yaml'), 'utf8'), 'fleet.yaml');
      if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.diagnostics));
      return loaded.fleet;
    },
    async close() {
      await servers.close();
      rmSync(folder, { recursive: true });
    },
  });
}

const profile = (name: string, key: string, secret: string): string =>
  `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = ${secret}\n`;

/** An answer of EKS’ own, in its protocol. */
export function refuse(
  response: Parameters<Handler>[1],
  status: number,
  code: string,
  message: string,
): true {
  const body = JSON.stringify({ message });
  send(response, status, 'application/json', body, { 'x-amzn-errortype': code });
  return true;
}
