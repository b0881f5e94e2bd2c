import type { SectionChanges } from '../../aws-auth/backup.ts';

/** The ConfigMap, as far as it matters here. */
export interface LiveAwsAuth {
  readonly data: Readonly<Record<string, string>>;
  readonly backup: string | undefined;
  readonly resourceVersion: string;
}

export interface Write {
  readonly changes: SectionChanges;
  /** The annotation's value; `null` takes it away. */
  readonly backup: string | null;
  /** The server checks it all and stores nothing. */
  readonly dryRun: boolean;
}

/** A cluster's `kube-system/aws-auth`, as this operator may use it. Every call may throw `UserError`. */
export interface AwsAuthConfigMap {
  readonly context: string;
  /** What the context says by its name. */
  readonly says: Says;
  /** `context golf-prd, ConfigMap kube-system/aws-auth`. */
  readonly where: string;
  /** `undefined` where there is none. */
  read(): Promise<LiveAwsAuth | undefined>;
  /** Writes these keys and no other, if nothing else was written since. */
  patch(write: Write, resourceVersion: string): Promise<'written' | 'conflict'>;
  /** Makes it, if it is not there yet. No change may be `null`. */
  create(write: Write): Promise<'written' | 'conflict'>;
}

/** Whether a context says by itself that it leads to the cluster, or has a name of its own choice. */
export type Says = 'this cluster' | 'nothing';
