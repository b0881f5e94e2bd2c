import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import {
  propProblems,
  refuse,
  refuseNoProps,
  unknownProps,
  workloadsProblems,
  type KnownProps,
} from './check-props.ts';
import { keepDistinct } from './distinct-objects.ts';
import { defaultFleet } from './labels.ts';
import { planOneRestart } from './one-restart.ts';
import { RestartAccess } from './restart-access.ts';
import type { RestartWorkloads } from './restart-targets.ts';
import type { StrategyProps } from './strategy-props.ts';

export interface CrossAccountAccessProps {
  /**
   * What the access is for, such as the restart’s name: part of the name of its Roles,
   * `rollcall:FLEET:NAME`.
   */
  readonly name: string;
  /**
   * The Kubernetes user that the role of the account is mapped to, by `aws-auth` or by an access entry.
   */
  readonly user: string;
  /** What its restarts touch in this cluster, at least one. */
  readonly workloads: readonly RestartWorkloads[];
  /**
   * What of the restart’s strategy takes rights besides: the same as there.
   *
   * @default nothing
   */
  readonly strategy?: Pick<StrategyProps, 'evictOnDelete' | 'diagnostics' | 'argoRollouts'>;
  /**
   * The fleet: the label `app.kubernetes.io/part-of`, and part of the names of Roles.
   *
   * @default 'rollcall'
   */
  readonly fleet?: string;
}

const knownProps: KnownProps<CrossAccountAccessProps> = {
  name: true,
  user: true,
  workloads: true,
  strategy: true,
  fleet: true,
};

/**
 * A target’s side of a restart: in each namespace a Role with exactly the rights that restarting
 * these workloads takes, and its binding to the mapped user. By names, `get` and `patch` are of those
 * alone, and `list` and `watch` of the namespace, since RBAC can’t list by several names.
 *
 * @example
 * new CrossAccountAccess(chart, 'access', {
 *   name: 'key-restarter-prd',
 *   user: 'sts',
 *   workloads: [{ namespace: 'sts', names: ['sts-js-avro-encryption-processor'] }],
 * });
 */
export class CrossAccountAccess extends Construct {
  /** One for each namespace, in the order of their names. */
  readonly roles: readonly ApiObject[];
  /** One for each of the Roles. */
  readonly roleBindings: readonly ApiObject[];

  /** @throws PropsError for props that break the fleet file’s rules */
  constructor(scope: Construct, id: string, props: CrossAccountAccessProps) {
    super(scope, id);
    refuseNoProps(this, props);
    const { name, user, workloads, strategy = {}, fleet = defaultFleet } = props;
    refuse(this, [
      ...unknownProps(props, knownProps),
      ...propProblems([
        ['name', name, 'dnsLabel'],
        ['user', user, 'kubernetesUser'],
        ['strategy', strategy, 'map'],
        ['fleet', fleet, 'dnsLabel'],
      ]),
      ...workloadsProblems(workloads),
    ]);
    const { evictOnDelete, diagnostics, argoRollouts } = strategy;
    const graph = planOneRestart(this, {
      ...anyHub,
      fleet,
      workloads,
      strategy: {
        ...(evictOnDelete === undefined ? {} : { evictOnDelete }),
        ...(diagnostics === undefined ? {} : { diagnostics }),
        ...(argoRollouts === undefined ? {} : { argoRollouts }),
      },
    });
    const grants = graph.clusters.flatMap((cluster) => cluster.grants);
    const made = grants.map((grant) => {
      const { namespace } = grant;
      return new RestartAccess(this, namespace, {
        fleet,
        grant: { ...grant, service: name, username: user },
      });
    });
    this.roles = made.map(({ role }) => role);
    this.roleBindings = made.map(({ roleBinding }) => roleBinding);
    keepDistinct(this);
  }
}

/** Rights in a target are the same whatever hub asks for them. */
const anyHub = {
  name: 'restart',
  region: 'eu-west-1',
  namespace: 'hub',
  serviceAccount: 'restart',
  identity: { kind: 'irsa-direct' },
  image: 'restart',
  schedule: '0 0 * * *',
  targets: [
    { name: 'target', region: 'eu-west-1', roleArn: 'arn:aws:iam::000000000000:role/target' },
  ],
} as const;
