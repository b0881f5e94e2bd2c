import { CoreV1Api, PatchStrategy, V1ConfigMap, V1ObjectMeta } from '@kubernetes/client-node';
import { backupAnnotation, type SectionChanges } from '../../aws-auth/backup.ts';
import type { CliIo } from '../io.ts';
import { hubError, isConflict, isMissing, type Doing } from '../operate/hub-error.ts';
import { fieldManager, limited } from '../operate/hub.ts';
import { loadHubAccess } from '../operate/kube-config.ts';
import type { AwsAuthOptions } from './options.ts';
import { requireRightContext, type Says } from './right-cluster.ts';
import type { Target } from './target.ts';

const place = { name: 'aws-auth', namespace: 'kube-system' } as const;

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

/** @throws UserError `hub/kubeconfig`, `aws-auth/wrong-cluster`; the API server is not asked yet */
export function openAwsAuth(
  io: CliIo,
  target: Target,
  options: Pick<AwsAuthOptions, 'kubeconfig' | 'context'>,
): AwsAuthConfigMap {
  const cluster = `cluster ${target.name}`;
  const access = loadHubAccess(io, options, cluster);
  const says = requireRightContext(target, access);
  const api = access.config.makeApiClient(CoreV1Api);
  const { context } = access;
  const doing = (verb: Doing['verb']): Doing => ({
    ...place,
    verb,
    access,
    cluster,
  });
  const written = async (verb: Doing['verb'], write: () => Promise<unknown>) => {
    try {
      await write();
      return 'written';
    } catch (error) {
      if (isConflict(error)) return 'conflict';
      throw hubError(error, doing(verb));
    }
  };

  return {
    context,
    says,
    where: `context ${context}, ConfigMap ${place.namespace}/${place.name}`,
    async read() {
      try {
        const json = limited('Accept', 'application/json');
        const { data, metadata } = await api.readNamespacedConfigMap(place, json);
        return {
          data: data ?? {},
          backup: metadata?.annotations?.[backupAnnotation],
          resourceVersion: metadata?.resourceVersion ?? '',
        };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw hubError(error, doing('get'));
      }
    },
    patch(write, resourceVersion) {
      const annotations = { [backupAnnotation]: write.backup };
      const body = { metadata: { resourceVersion, annotations }, data: write.changes };
      const mergePatch = limited('Content-Type', PatchStrategy.MergePatch);
      return written('patch', () =>
        api.patchNamespacedConfigMap({ ...place, body, ...how(write) }, mergePatch),
      );
    },
    create(write) {
      const annotations = write.backup === null ? {} : { [backupAnnotation]: write.backup };
      const metadata = Object.assign(new V1ObjectMeta(), { ...place, annotations });
      const body = Object.assign(new V1ConfigMap(), { metadata, data: write.changes });
      const json = limited('Accept', 'application/json');
      return written('create', () =>
        api.createNamespacedConfigMap({ namespace: place.namespace, body, ...how(write) }, json),
      );
    },
  };
}

const how = ({ dryRun }: Write): { readonly fieldManager: string; readonly dryRun?: string } => ({
  fieldManager,
  ...(dryRun && { dryRun: 'All' }),
});
