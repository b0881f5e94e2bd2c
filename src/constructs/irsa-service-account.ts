import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { durationSeconds } from '../form/duration.ts';
import { defaultIrsa } from '../identities/defaults.ts';
import { irsaAnnotations } from '../identities/irsa/wiring.ts';
import type { RoleArn } from '../names/arn.ts';
import {
  propProblems,
  refuse,
  refuseNoProps,
  unknownProps,
  type KnownProps,
} from './check-props.ts';
import {
  accountProblems,
  IdentityServiceAccount,
  serviceAccountProps,
  type ServiceAccountProps,
} from './identity-service-account.ts';
import type { IrsaIdentity } from './restart-identity.ts';

export interface IrsaServiceAccountProps extends ServiceAccountProps {
  /**
   * The ARN of the role that the pods become. Its trust policy must name this ServiceAccount
   * (`system:serviceaccount:NAMESPACE:NAME`) and the audience exactly.
   */
  readonly roleArn: string;
  /**
   * Whom the token is for. In China it is `sts.amazonaws.com` too, unless the webhook says otherwise.
   *
   * @default 'sts.amazonaws.com'
   */
  readonly audience?: string;
  /**
   * How long a token lives: a whole number of `s`, `m` or `h`, from `10m` to `24h`.
   *
   * @default '24h'
   */
  readonly tokenExpiration?: string;
  /**
   * Whether pods ask the STS of their own region. The global one is in one region alone, and does not
   * exist outside of the partition `aws`.
   *
   * @default true
   */
  readonly stsRegionalEndpoints?: boolean;
}

const knownProps: KnownProps<IrsaServiceAccountProps> = {
  ...serviceAccountProps,
  roleArn: true,
  audience: true,
  tokenExpiration: true,
  stsRegionalEndpoints: true,
};

/**
 * A ServiceAccount whose pods become an IAM role by the cluster’s own tokens: IAM roles for service
 * accounts (EKS user guide). The webhook that EKS runs adds token and environment to the pods, by the
 * annotations that stand here.
 *
 * @example
 * const account = new IrsaServiceAccount(chart, 'exporter', {
 *   name: 'exporter',
 *   namespace: 'metrics',
 *   roleArn: 'arn:aws:iam::012345678901:role/eks-exporter-prd',
 *   tokenExpiration: '1h',
 * });
 * // Whatever is not foreseen, by cdk8s' own means:
 * account.serviceAccount.metadata.addLabel('team', 'observability');
 */
export class IrsaServiceAccount extends Construct {
  /** The ServiceAccount. */
  readonly serviceAccount: ApiObject;
  /** Its name. */
  readonly name: string;
  /** The namespace that it is in. */
  readonly namespace: string;
  /** The subject of its tokens, which the role’s trust policy must name. */
  readonly subject: string;
  /** For a `RestartCronJob` whose pods run as it. */
  readonly identity: IrsaIdentity;

  /** @throws PropsError for props that break the fleet file’s rules */
  constructor(scope: Construct, id: string, props: IrsaServiceAccountProps) {
    super(scope, id);
    refuseNoProps(this, props);
    const { roleArn, audience, tokenExpiration, stsRegionalEndpoints, ...account } = props;
    refuse(this, [
      ...unknownProps(props, knownProps),
      ...accountProblems(this, props),
      ...propProblems([
        ['roleArn', roleArn, 'roleArn'],
        ['audience', audience, 'audience', 'optional'],
        ['tokenExpiration', tokenExpiration, 'tokenExpiration', 'optional'],
        ['stsRegionalEndpoints', stsRegionalEndpoints, 'flag', 'optional'],
      ]),
    ]);
    const irsa = {
      audience: audience ?? defaultIrsa.audience,
      tokenExpirationSeconds:
        (tokenExpiration === undefined ? undefined : durationSeconds(tokenExpiration)) ??
        defaultIrsa.tokenExpirationSeconds,
      regionalEndpoints: stsRegionalEndpoints ?? defaultIrsa.regionalEndpoints,
    };
    const made = new IdentityServiceAccount(this, 'Default', {
      ...account,
      annotations: irsaAnnotations(irsa, roleArn as RoleArn),
    });
    this.serviceAccount = made.serviceAccount;
    this.name = made.name;
    this.namespace = made.namespace;
    this.subject = `system:serviceaccount:${made.namespace}:${made.name}`;
    this.identity = {
      kind: 'irsa',
      roleArn,
      serviceAccount: made.name,
      namespace: made.namespace,
      ...(audience === undefined ? {} : { audience }),
      ...(tokenExpiration === undefined ? {} : { tokenExpiration }),
      ...(stsRegionalEndpoints === undefined ? {} : { regionalEndpoints: stsRegionalEndpoints }),
    };
  }
}
