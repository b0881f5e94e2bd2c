import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { refuseNoProps } from './check-props.ts';
import { checkRestartProps } from './check-restart-props.ts';
import { keepDistinct } from './distinct-objects.ts';
import { IdentityServiceAccount } from './identity-service-account.ts';
import { defaultFleet } from './labels.ts';
import { planOneRestart } from './one-restart.ts';
import { namespaceOf } from './place.ts';
import { PlannedRestart } from './planned-restart.ts';
import type { RestartCronJobProps } from './restart-cron-job-props.ts';

/**
 * The hub’s side of one restart, whole: the CronJob and the plan that it reads, the run record with
 * the rights to it, rights that gates and blockers ask for, NetworkPolicies, and a ServiceAccount
 * unless one is named. The targets’ side is `CrossAccountAccess`; IAM’s is made elsewhere.
 *
 * @example
 * const account = new IrsaServiceAccount(chart, 'account', {
 *   name: 'key-restarter',
 *   namespace: 'sts',
 *   roleArn: 'arn:aws:iam::903716715040:role/eks-key-restarter-prd',
 *   automountToken: false,
 * });
 * const restart = new RestartCronJob(chart, 'restart', {
 *   name: 'after-key-creation',
 *   namespace: 'sts',
 *   region: 'eu-west-1',
 *   identity: account.identity,
 *   image: 'registry.example.com/rollcall/restart:0.1.0',
 *   schedule: '15 2 * * 1',
 *   timeZone: 'Europe/London',
 *   targets: [
 *     {
 *       name: 'golf-prd',
 *       eksCluster: 'golf-prd-cluster',
 *       region: 'eu-west-1',
 *       roleArn: 'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role',
 *     },
 *   ],
 *   workloads: [{ namespace: 'sts', names: ['sts-js-avro-encryption-processor'] }],
 *   strategy: { maxConcurrentRollouts: 2, timeout: '20m' },
 * });
 * // Whatever is not foreseen, by cdk8s' own means:
 * restart.cronJob.addJsonPatch(JsonPatch.add('/spec/failedJobsHistoryLimit', 10));
 */
export class RestartCronJob extends Construct {
  /** The CronJob. */
  readonly cronJob: ApiObject;
  /** The ConfigMap with the plan. */
  readonly plan: ApiObject;
  /** The ConfigMaps in which a run is written ahead. */
  readonly record: readonly ApiObject[];
  /** The Lease that keeps two pods from the same work. */
  readonly lease: ApiObject;
  /** What its pods may speak to. */
  readonly networkPolicy: ApiObject;
  /** What its pods run as. Absent where `identity` names one that is made elsewhere. */
  readonly serviceAccount?: ApiObject;

  /** @throws PropsError for props that break the fleet file’s rules */
  constructor(scope: Construct, id: string, props: RestartCronJobProps) {
    super(scope, id);
    refuseNoProps(this, props);
    checkRestartProps(this, props);
    const { name, fleet = defaultFleet, identity } = props;
    const namespace = namespaceOf(this, props.namespace);
    const serviceAccount = identity.serviceAccount ?? name;
    const graph = planOneRestart(this, { ...props, fleet, namespace, serviceAccount });
    const [hub] = graph.clusters.filter(({ restarts }) => restarts.length > 0);
    const [pod] = hub?.pods ?? [];
    const [restart] = hub?.restarts ?? [];
    if (!pod || !restart) throw new Error(`the fleet of restart ${name} has none`);
    if (identity.serviceAccount === undefined) {
      this.serviceAccount = new IdentityServiceAccount(this, 'identity', {
        name: serviceAccount,
        namespace,
        annotations: pod.wiring.serviceAccountAnnotations,
        // The job's pods ask for the token by themselves.
        automountToken: false,
        service: name,
        fleet,
      }).serviceAccount;
    }
    const { startingDeadlineSeconds, terminationGracePeriodSeconds, backoffLimit, resources } =
      props;
    const made = new PlannedRestart(this, 'restart', {
      restart,
      ...(startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds }),
      ...(terminationGracePeriodSeconds === undefined ? {} : { terminationGracePeriodSeconds }),
      ...(backoffLimit === undefined ? {} : { backoffLimit }),
      ...(resources === undefined ? {} : { resources }),
    });
    this.cronJob = made.cronJob.cronJob;
    this.plan = made.plan.configMap;
    this.record = made.record.configMaps;
    this.lease = made.record.lease;
    this.networkPolicy = made.networkPolicy.networkPolicy;
    this.node.defaultChild = this.cronJob;
    keepDistinct(this);
  }
}
