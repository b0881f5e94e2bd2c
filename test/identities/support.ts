import type { KiamAgent, Kube2iamAgent } from '../../src/identities/agents.ts';
import type { HostCluster, IdentityRequest } from '../../src/identities/mechanism.ts';
import type { PodIdentity } from '../../src/identities/pod-identity.ts';
import {
  roleArn,
  type AccountId,
  type Region,
  type RoleArn,
  type RoleName,
} from '../../src/names/arn.ts';

const account = '000000000001' as AccountId;

export const arnOf = (name: string, id = account): RoleArn => roleArn('aws', id, name as RoleName);

const kiam: KiamAgent = {
  existing: false,
  existingNamespace: false,
  version: 'v4',
  namespace: 'kiam',
  serverRoleArn: arnOf('kiam-server'),
  existingServerRole: false,
  nodeRoleArn: arnOf('kiam-nodes'),
  serverNodes: { 'kiam-server': 'true' },
  issuer: 'issuer',
  hostInterface: 'eni+',
  sessionSeconds: 900,
};

const kube2iam: Kube2iamAgent = {
  existing: false,
  existingNamespace: false,
  namespace: 'kube-system',
  nodeRoleArns: [arnOf('workers'), arnOf('spot')],
  hostInterface: 'eni+',
  format: 'glob',
  sessionSeconds: 900,
};

/** A cluster in which every mechanism works. */
export const hostCluster: HostCluster = {
  name: 'hub',
  arn: 'arn:aws:eks:eu-west-1:000000000001:cluster/hub',
  account,
  partition: 'aws',
  region: 'eu-west-1' as Region,
  oidcIssuer: 'https://oidc.example.com/id/1',
  kiam,
  kube2iam,
};

export const target = arnOf('app', '000000000002' as AccountId);
export const otherTarget = arnOf('app', '000000000003' as AccountId);

/** A service that reaches one role, and has no rights of its own. */
export const requestBy = <Identity extends PodIdentity>(
  identity: Identity,
  more: Partial<Omit<IdentityRequest, 'identity'>> = {},
): IdentityRequest<Identity> => ({
  identity,
  role: { arn: arnOf('restarter'), name: 'restarter' as RoleName },
  namespace: 'tools',
  serviceAccount: 'sa',
  host: hostCluster,
  targets: [target],
  hasOwnPermissions: false,
  ...more,
});
