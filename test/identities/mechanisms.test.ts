import { describe, expect, it } from '@jest/globals';
import { defaultIdentity } from '../../src/identities/defaults.ts';
import { mechanisms, planIdentity } from '../../src/identities/mechanisms.ts';
import type { PodIdentityKind } from '../../src/identities/pod-identity.ts';
import type { AccountId, RoleName } from '../../src/names/arn.ts';
import { arnOf, hostCluster, requestBy } from './support.ts';

const kinds = Object.keys(mechanisms) as PodIdentityKind[];
const role = { arn: arnOf('restarter'), name: 'restarter' as RoleName };
const elsewhere = { account: '000000000002' as AccountId };

describe.each(kinds)('%s', (kind) => {
  const plan = planIdentity(requestBy(defaultIdentity[kind]));

  it('is what its row, its default and its plan say', () => {
    expect([mechanisms[kind].kind, defaultIdentity[kind].kind, plan.job.kind]).toEqual([
      kind,
      kind,
      kind,
    ]);
  });

  it('lets nobody become the role who is not named', () => {
    expect(plan.trusts.length).toBeGreaterThan(0);
    const agents = plan.trusts.flatMap((trust) => (trust.kind === 'role' ? trust.roleArn : []));
    expect(agents).toEqual(plan.assumedBy);
    expect(plan.targetTrust(elsewhere)).toMatchObject({ kind: 'role', roleArn: role.arn });
  });

  it('needs of a bare cluster only what it says, or is there', () => {
    const fault = mechanisms[kind].hostFault({});
    if (kind === 'eks-pod-identity') expect(fault).toBeUndefined();
    else expect(fault?.found && fault.expected && fault.next).toBeTruthy();
    expect(mechanisms[kind].hostFault(hostCluster)).toBeUndefined();
  });

  it('is legacy where nobody maintains it', () => {
    expect(mechanisms[kind].legacy !== undefined).toBe(kind === 'kiam' || kind === 'kube2iam');
  });
});

describe('agents of nodes', () => {
  it.each([
    ['kiam', 'v3', [arnOf('kiam-server')]],
    ['kiam', 'v4', [arnOf('kiam-server')]],
    ['kube2iam', 'v4', [arnOf('workers'), arnOf('spot')]],
  ] as const)('%s, kiam %s: pods ask for the whole ARN', (kind, version, agents) => {
    const { kiam } = hostCluster;
    const host = { ...hostCluster, ...(kiam ? { kiam: { ...kiam, version } } : {}) };
    const plan = planIdentity(requestBy(defaultIdentity[kind], { host }));
    expect(plan.assumedBy).toEqual(agents);
    expect(plan.wiring.podAnnotations).toEqual({ 'iam.amazonaws.com/role': role.arn });
    expect(plan.wiring.egress).toEqual([{ kind: 'metadata', agentPort: 8181 }]);
  });

  it.each([
    ['v3', '^(?:arn:aws:iam::000000000001:role/restarter)$'],
    ['v4', '^(?:arn:aws:iam::000000000001:role/restarter)$'],
  ] as const)('kiam %s: the namespace permits %s', (version, permitted) => {
    const { kiam } = hostCluster;
    const host = { ...hostCluster, ...(kiam ? { kiam: { ...kiam, version } } : {}) };
    expect(mechanisms.kiam.namespaceAnnotations(host, [role])).toEqual({
      'iam.amazonaws.com/permitted': permitted,
    });
  });

  it.each([
    ['glob', '["arn:aws:iam::000000000001:role/restarter"]'],
    ['regexp', '["arn:^|^arn:aws:iam::000000000001:role/restarter$"]'],
  ] as const)('kube2iam, %s: the namespace allows %s', (format, allowed) => {
    const { kube2iam } = hostCluster;
    const host = { ...hostCluster, ...(kube2iam ? { kube2iam: { ...kube2iam, format } } : {}) };
    expect(mechanisms.kube2iam.namespaceAnnotations(host, [role])).toEqual({
      'iam.amazonaws.com/allowed-roles': allowed,
    });
  });
});
