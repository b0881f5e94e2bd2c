import { until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { namespace } from './fleet.ts';
import { manifest, read, restartedAt, withObject, writeAs } from './workloads.ts';

/** A stamp from before every run. */
export const older = '2020-01-01T00:00:00Z';
/** Long enough for a stamp to be dropped in the middle of its rollout. */
export const slow = { readyDelay: 4000 };

/** What the job says of a stamp that is gone alone, RUN being the run, and of one gone with its run. */
export const gone = 'the stamp of run RUN is gone';
export const replaced = 'the object was replaced after it was stamped: stamp and run are gone';

/** A way to lose a stamp, and what the job says of it. */
export interface Drop {
  readonly name: string;
  /** Default: by `kubectl create`. */
  readonly madeBy?: string;
  readonly drop: (cluster: RealCluster, name: string) => Promise<unknown>;
  readonly message: string;
  readonly by: string;
  /** Whether it is a guess: to the attempt that saw it happen, and to a later one. */
  readonly guessed: readonly [boolean, boolean];
}

export const drops: readonly Drop[] = [
  {
    name: 'forced',
    drop: async (cluster, name) => {
      const args = ['--server-side', '--force-conflicts', '--field-manager=platform-operator'];
      await withObject(cluster, ['apply', ...args], manifest(name, { ...slow, stamp: older }));
      await kubectl(cluster, 'annotate', `deployment/${name}`, 'example.com/later=yes');
    },
    message: gone,
    by: 'platform-operator',
    guessed: [false, false],
  },
  {
    name: 'updated',
    drop: (cluster, name) =>
      // The Deployment's controller writes too, and may come between.
      until(`${name} is updated`, async () => {
        const { metadata } = await read(cluster, name);
        const annotations = { ...metadata.annotations, 'argocd.argoproj.io/tracking-id': name };
        const { spec } = manifest(name, slow);
        await writeAs(cluster, 'argocd-controller', 'PUT', name, {
          metadata: { ...metadata, annotations },
          spec,
        });
        return true;
      }),
    message: gone,
    by: 'argocd-controller',
    guessed: [true, true],
  },
  {
    name: 'synced-by-replace',
    madeBy: 'argocd-controller',
    drop: (cluster, name) =>
      writeAs(cluster, 'argocd-controller', 'PUT', name, manifest(name, slow)),
    message: replaced,
    by: 'argocd-controller',
    guessed: [true, true],
  },
  {
    name: 'replaced-with-more',
    drop: (cluster, name) => {
      const more = { ...manifest(name, slow), metadata: { name, namespace, labels: { own: 'x' } } };
      return withObject(cluster, ['replace'], more);
    },
    message: replaced,
    by: 'kubectl-replace',
    guessed: [true, true],
  },
  {
    name: 'replaced',
    drop: (cluster, name) => withObject(cluster, ['replace'], manifest(name, slow)),
    message: replaced,
    by: 'kubectl-create',
    guessed: [true, true],
  },
  {
    name: 'undone',
    drop: (cluster, name) => kubectl(cluster, 'rollout', 'undo', `deployment/${name}`),
    message: replaced,
    by: 'kubectl-create',
    guessed: [true, true],
  },
  {
    name: 'removed-and-scaled',
    drop: async (cluster, name) => {
      await removeStamp(cluster, name);
      await kubectl(cluster, 'scale', `deployment/${name}`, '--replicas=3');
    },
    message: gone,
    by: 'kubectl-create',
    guessed: [true, true],
  },
  {
    // Who wrote something else since has undone nothing, and is the last whose name is left.
    name: 'annotated-and-removed',
    drop: async (cluster, name) => {
      await kubectl(cluster, 'annotate', `deployment/${name}`, 'example.com/later=yes');
      await removeStamp(cluster, name);
    },
    message: gone,
    by: 'kubectl-annotate',
    guessed: [true, true],
  },
];

/** Takes the stamp away, and nothing else. */
export const removeStamp = (cluster: RealCluster, name: string): Promise<unknown> =>
  writeAs(cluster, 'some-operator', 'PATCH', name, {
    spec: { template: { metadata: { annotations: { [restartedAt]: null } } } },
  });

const kubectl = (cluster: RealCluster, ...args: readonly string[]): Promise<string> =>
  cluster.mustKubectl(['-n', namespace, ...args]);
