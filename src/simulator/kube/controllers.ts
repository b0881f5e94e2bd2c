import type { SimClock } from '../clock.ts';
import { DeploymentController } from './deployment-controller.ts';
import { JobController } from './job-controller.ts';
import { DisruptionController } from './pods/disruption-controller.ts';
import { PodKeeper } from './pods/pod-keeper.ts';
import { ReplicaSetPods } from './pods/replica-set-pods.ts';
import type { RestartableKind } from './restartable.ts';
import { argoRolloutKind } from './sets/argo-rollout.ts';
import { daemonSetKind } from './sets/daemon-set.ts';
import { PodSetController } from './sets/pod-set-controller.ts';
import { statefulSetKind } from './sets/stateful-set.ts';
import type { Store } from './store.ts';
import type { Writes } from './writes.ts';

/** Everything that acts of itself behind the API: kube-controller-manager, kubelets, Argo Rollouts. */
export class Controllers {
  readonly pods: PodKeeper;
  readonly deployments: DeploymentController;
  readonly statefulSets: PodSetController;
  readonly daemonSets: PodSetController;
  readonly rollouts: PodSetController;
  readonly jobs: JobController;
  readonly #others: readonly { close(): void }[];

  constructor(store: Store, writes: Writes, clock: SimClock, nodes: number) {
    const pods = new PodKeeper(store, clock);
    this.pods = pods;
    this.deployments = new DeploymentController(store, writes, clock);
    const own = { store, writes, clock, pods, nodes, manager: 'kube-controller-manager' };
    this.statefulSets = new PodSetController(statefulSetKind, own);
    this.daemonSets = new PodSetController(daemonSetKind(nodes), own);
    this.rollouts = new PodSetController(argoRolloutKind, {
      ...own,
      manager: 'rollouts-controller',
    });
    this.jobs = new JobController(store, writes, clock);
    this.#others = [
      new ReplicaSetPods({
        ...{ store, clock, pods, nodes },
        behaviourOf: (namespace, name) => this.deployments.behaviourOf(namespace, name),
      }),
      new DisruptionController(store, writes, clock, pods),
    ];
  }

  of(kind: RestartableKind): DeploymentController | PodSetController {
    switch (kind) {
      case 'DaemonSet':
        return this.daemonSets;
      case 'Deployment':
        return this.deployments;
      case 'Rollout':
        return this.rollouts;
      case 'StatefulSet':
        return this.statefulSets;
    }
  }

  close(): void {
    const { pods, deployments, statefulSets, daemonSets, rollouts, jobs } = this;
    const all = [pods, deployments, statefulSets, daemonSets, rollouts, jobs, ...this.#others];
    for (const one of all) one.close();
  }
}
