import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildJob } from '../../../../jobs/restart/build.ts';
import { mergeOrThrow, synthesise } from '../../../../src/demo/generate.ts';
import type { KeySet } from '../../../../src/simulator/aws/issuers.ts';
import { realClock } from '../../../../src/simulator/clock.ts';
import { parsePriorState, type PriorCluster } from '../../../../src/simulator/load/prior-state.ts';
import { loadWorld, type World, type WorldCluster } from '../../../../src/simulator/load/world.ts';
import { startAwsServers, type AwsServers } from '../../../../src/simulator/servers/start.ts';
import { installRollouts, playRollouts, type RolloutPlayer } from './argo-rollouts.ts';
import { applyGenerated, applyPrior, type ApplyManifests } from './apply.ts';
import { prepareAuthenticator, startAuthenticator } from '../cluster/authenticator.ts';
import { startCluster, type RealCluster } from '../cluster/cluster.ts';
import { startConnectProxy } from '../cluster/connect-proxy.ts';
import { startEtcd, type Etcd } from '../cluster/etcd.ts';
import type { Stage } from '../cluster/kwok.ts';

export interface RealFleetOptions {
  /** The fleet file; its prior state stands beside it as `<name>.prior.yaml`. */
  readonly fleetFile: string;
  readonly folder: string;
  /** The job, bundled before. Default: it is bundled into the folder. */
  readonly bundle?: string;
  readonly stages?: readonly Stage[];
  /** How a cluster's folder of the generated tree is applied. Default: `kubectl apply --server-side`. */
  readonly applyManifests?: ApplyManifests;
  /** Leaves the clusters as they are: the test itself applies what was generated. IAM is applied. */
  readonly bareClusters?: true;
}

/** Simulated AWS in front of real clusters, with what was generated applied to both. */
export interface RealFleet {
  readonly folder: string;
  /** The generated tree. */
  readonly outputDir: string;
  readonly bundle: string;
  /** Its IAM, STS and EKS are in use; its simulated clusters are not. */
  readonly world: World;
  readonly aws: AwsServers;
  /** Every cluster's store. */
  readonly etcd: Etcd;
  /** By the fleet's name. Throws for one that is not there. */
  cluster(name: string): RealCluster;
  /** Who plays Argo's controller, where a cluster has Rollouts. */
  readonly players: ReadonlyMap<string, RolloutPlayer>;
  close(): Promise<void>;
}

/** Starts all of it. What was started is stopped when a part fails. */
export async function startRealFleet(options: RealFleetOptions): Promise<RealFleet> {
  const stops: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    return await start(options, stops, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: RealFleetOptions,
  stops: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<RealFleet> {
  const { fleetFile, folder } = options;
  mkdirSync(folder, { recursive: true });
  const outputDir = join(folder, 'dist');
  synthesise(fleetFile, outputDir);
  const priorFile = fleetFile.replace(/\.yaml$/, '.prior.yaml');
  const prior = parsePriorState(readFileSync(priorFile, 'utf8'), priorFile);
  const world = await loadWorld({ outputDir, prior, clock: realClock, mergeAwsAuth: mergeOrThrow });
  const bundle = options.bundle ?? join(folder, 'restart.mjs');
  if (options.bundle === undefined) await buildJob(bundle);

  const aws = await startAwsServers(world);
  const proxy = await startConnectProxy(aws.sts);
  const etcd = await startEtcd(folder);
  for (const server of [aws, proxy]) stops.push(() => server.close());
  stops.push(() => etcd.stop());
  const caFile = join(folder, 'aws-ca.crt');
  writeFileSync(caFile, aws.ca);

  const clusters = new Map<string, RealCluster>();
  const players = new Map<string, RolloutPlayer>();
  const startOne = async (declared: PriorCluster): Promise<void> => {
    const { name, oidcIssuer } = declared;
    const simulated = world.clusters.get(name);
    if (!simulated) throw new Error(`no cluster ${name}`);
    const own = join(folder, name);
    const files = await prepareAuthenticator(join(own, 'authenticator'), simulated.eksCluster);
    const cluster = await startCluster({
      name,
      folder: own,
      etcd,
      issuer: oidcIssuer,
      tokenWebhook: files.webhookKubeconfig,
      nodes: declared.daemonSets.length > 0 ? declared.nodes : 1,
      ...(options.stages === undefined ? {} : { stages: options.stages }),
    });
    stops.push(() => cluster.stop());
    clusters.set(name, cluster);
    if (declared.argoRollouts || declared.rollouts.length > 0) {
      await installRollouts(cluster);
      const player = playRollouts(cluster);
      players.set(name, player);
      stops.push(() => player.stop());
    }
    await applyPrior(cluster, declared);
    const { applyManifests, bareClusters } = options;
    if (!bareClusters)
      await applyGenerated(cluster, { outputDir, fragment: simulated.fragment, applyManifests });
    const authenticator = await startAuthenticator({
      files,
      partition: simulated.partition,
      kubeconfig: cluster.kubeconfig,
      proxy: proxy.url,
      caFile,
      logFile: join(folder, 'logs', `${name}-authenticator.log`),
    });
    stops.push(() => authenticator.stop());
    await publish(world, simulated, cluster, oidcIssuer);
  };
  // All end before one failure is told, so that what has started can be stopped.
  const started = await Promise.allSettled(prior.clusters.map(startOne));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const cluster = (name: string): RealCluster => {
    const found = clusters.get(name);
    if (!found) throw new Error(`no cluster ${name}; there are ${[...clusters.keys()].join(', ')}`);
    return found;
  };
  return { folder, outputDir, bundle, world, aws, etcd, cluster, players, close };
}

/** Tells AWS of the real cluster: where EKS says it is, and by which keys STS knows its tokens. */
async function publish(
  world: World,
  simulated: WorldCluster,
  { server }: RealCluster,
  issuer: string | undefined,
): Promise<void> {
  simulated.endpoint = server.url;
  simulated.certificateAuthority = Buffer.from(server.ca).toString('base64');
  if (issuer === undefined) return;
  world.issuers.trust(issuer, await server.admin.call<KeySet>('/openid/v1/jwks'));
}
