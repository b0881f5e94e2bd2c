import { CoreV1Api, PatchStrategy, V1ConfigMap, V1ObjectMeta } from '@kubernetes/client-node';
import { backupAnnotation } from '../../aws-auth/backup.ts';
import type { CliIo } from '../io.ts';
import { hubError, isConflict, isMissing, type Doing } from '../operate/hub-error.ts';
import { fieldManager, limited } from '../operate/hub.ts';
import { loadHubAccess } from '../operate/kube-config.ts';
import type { AwsAuthOptions } from './options.ts';
import type { AwsAuthConfigMap, Write } from './live-config-map.ts';
import { requireRightContext } from './right-cluster.ts';
import type { Target } from './target.ts';

const place = { name: 'aws-auth', namespace: 'kube-system' } as const;

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
