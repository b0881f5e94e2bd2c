import type { AccountId, Region } from '../names/arn.ts';

/** Where a cluster looks for who may enter (EKS user guide, "Cluster authentication modes"). */
export type AuthenticationMode = 'CONFIG_MAP' | 'API_AND_CONFIG_MAP' | 'API';

/** What one source says of an EKS cluster. What it doesn't tell is absent. */
export interface ClusterFacts {
  /** For people: `EKS by profile golf`, `context golf of the kubeconfig`. */
  readonly source: string;
  readonly eksCluster: string;
  readonly region: Region;
  readonly account?: AccountId;
  /** The account of the role that a kubeconfig asks for tokens by: often the cluster’s own. */
  readonly roleAccount?: AccountId;
  /** `https://…` */
  readonly oidcIssuer?: string;
  /** `https://…` */
  readonly endpoint?: string;
  /** PEM, base64-encoded. */
  readonly certificateAuthority?: string;
  readonly authenticationMode?: AuthenticationMode;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A cluster whose place is known. */
export interface FoundCluster extends ClusterFacts {
  readonly account: AccountId;
}

/** What was left out, and what to do about it: nothing is lost in silence. */
export interface LeftOut {
  /** A context, a cluster, an entry, a statement. */
  readonly what: string;
  readonly why: string;
  /** An imperative sentence. */
  readonly next: string;
}

/** A region of an account that was listed to its end: what is not among its names is not there. */
export interface ListedPlace {
  readonly account: AccountId;
  readonly region: Region;
  /** As EKS knows its clusters. */
  readonly names: readonly string[];
}

/** Everything that the sources said. */
export interface Facts {
  readonly clusters: readonly ClusterFacts[];
  readonly listed: readonly ListedPlace[];
  /** Names that accounts are known by, such as a profile's, by id. */
  readonly accountNames: ReadonlyMap<AccountId, string>;
  readonly leftOut: readonly LeftOut[];
}

/** As AWS tells clusters apart: EKS takes upper and lower case of a name for different. */
export const identityOf = ({
  account,
  region,
  eksCluster,
}: Pick<FoundCluster, 'account' | 'region' | 'eksCluster'>): string =>
  `${account}/${region}/${eksCluster}`;
