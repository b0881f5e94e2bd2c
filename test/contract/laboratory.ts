import type { Pod } from '../../src/demo/pod.ts';
import type { ApiRequest, ApiResponse } from '../../src/simulator/kube/api-server.ts';
import type { BreakableLink } from '../../src/simulator/breaks.ts';
import type { World } from '../../src/simulator/load/world.ts';

/**
 * Where the contract is tried: the same suites run on the simulated fleet and on real clusters, and
 * where the two differ, the simulated fleet is wrong. In both, the Job of a gate succeeds soon, and
 * fails where its command is `/fails`.
 */
export interface Laboratory<L extends Lab = Lab> {
  readonly name: 'simulated' | 'real';
  /** Whether a file's cases may run at once: several real fleets are more than a small machine has room for. */
  readonly concurrent: boolean;
  start(options: LabOptions): Promise<L>;
}

export interface LabOptions {
  /** Its prior state stands beside it as `<name>.prior.yaml`. */
  readonly fleetFile: string;
  readonly folder: string;
  /** The job, bundled before. */
  readonly bundle: string;
}

/** A fleet that runs, with what was generated for it applied. */
export interface Lab {
  readonly folder: string;
  /** Its accounts are in use in every laboratory; its clusters only in the simulated one. */
  readonly world: World;
  /** The way of the job to a cluster's API, where a test can come between. */
  kube(cluster: string): Kube;
  /** One request as the cluster's admin, past whatever comes between. */
  admin(cluster: string, request: AdminRequest): Promise<AdminAnswer>;
  pod(options: PodOptions): Promise<Pod>;
  /** The stamps that each pod template was given, in order, by `cluster/Kind/namespace/name`. */
  stamps(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Takes one link out, of golf-prd where it is a cluster's. Gives what it changed, a line each. */
  breakLink(link: BreakableLink): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Kube {
  handle(request: ApiRequest): Promise<ApiResponse>;
}

export interface AdminRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Of the body. Default: JSON, for PATCH a merge patch. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface PodOptions {
  /** The run's scheduled instant, in milliseconds; it stands in the Job's name. */
  readonly scheduled: number;
  /** Its files stand in a folder of that name. */
  readonly name: string;
  /** Default: the fleet's first restart. */
  readonly restart?: string | undefined;
}
