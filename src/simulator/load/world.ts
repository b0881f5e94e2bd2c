import { Eks } from '../aws/eks.ts';
import { Iam } from '../aws/iam.ts';
import { Issuers } from '../aws/issuers.ts';
import { Seeded } from '../aws/seeded.ts';
import { Sessions } from '../aws/sessions.ts';
import { Sts } from '../aws/sts.ts';
import type { SimClock } from '../clock.ts';
import { applySteps } from './apply-iam.ts';
import { applyToCluster } from './apply-to-cluster.ts';
import type { MergeAwsAuth } from './apply-to-cluster.ts';
import { makeCluster } from './cluster.ts';
import type { WorldCluster } from './cluster.ts';
import { declareAccounts } from './declare.ts';
import { requireDeclared } from './declared.ts';
import { readGeneratedOutput } from './generated-output.ts';
import type { PriorState } from './prior-state.ts';

export type { WorldCluster } from './cluster.ts';

/** A fleet in memory: accounts, roles, issuers, clusters. Loaded, then only used and broken. */
export interface World {
  readonly clock: SimClock;
  readonly iam: Iam;
  readonly issuers: Issuers;
  readonly sessions: Sessions;
  readonly sts: Sts;
  readonly eks: Eks;
  /** By the fleet's name, in the order of their names. */
  readonly clusters: ReadonlyMap<string, WorldCluster>;
  close(): void;
}

export interface LoadOptions {
  /** The generated folder. */
  readonly outputDir: string;
  readonly prior: PriorState;
  readonly clock: SimClock;
  readonly mergeAwsAuth: MergeAwsAuth;
  /** Access keys, unique ids and session tokens follow from it. Default: `rollcall`. */
  readonly seed?: string;
  /** Makes who bears it every cluster's admin. Default: there is no such credential. */
  readonly adminToken?: string;
}

/**
 * The prior state, then the generated output on top: IAM in its apply order, manifests, aws-auth.
 * Throws `LoadError` for what a real apply would refuse.
 */
export async function loadWorld(options: LoadOptions): Promise<World> {
  const { outputDir, prior, clock, mergeAwsAuth, seed = 'rollcall', adminToken } = options;
  const output = await readGeneratedOutput(outputDir);
  requireDeclared(output, prior);
  const seeded = new Seeded(seed);
  const accounts = prior.accounts.map(({ id }) => id);
  const iam = new Iam(accounts, seeded);
  const issuers = new Issuers();
  const sessions = new Sessions(clock, seeded);
  const sts = new Sts({ iam, issuers, sessions, clock, organization: prior.organization });
  declareAccounts(iam, prior);

  const clusters = new Map<string, WorldCluster>();
  for (const declared of prior.clusters.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (declared.oidcIssuer !== undefined) issuers.add(declared.oidcIssuer);
    const cluster = makeCluster(declared, { sts, sessions, issuers, clock, adminToken });
    clusters.set(cluster.name, cluster);
  }
  applySteps({ iam, clusters }, output.steps);
  for (const cluster of clusters.values()) applyToCluster(cluster, output, mergeAwsAuth);
  const eks = new Eks(() => clusters.values());
  const close = (): void => {
    for (const { kube } of clusters.values()) kube.close();
  };
  return { clock, iam, issuers, sessions, sts, eks, clusters, close };
}
