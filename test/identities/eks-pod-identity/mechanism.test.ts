import { describe, expect, it } from '@jest/globals';
import { defaultEksPodIdentity } from '../../../src/identities/defaults.ts';
import { eksPodIdentity } from '../../../src/identities/eks-pod-identity/mechanism.ts';
import type { EksPodIdentity } from '../../../src/identities/pod-identity.ts';
import type { AccountId } from '../../../src/names/arn.ts';
import { arnOf, hostCluster, requestBy, target } from '../support.ts';

const tags = { clusterArn: hostCluster.arn, namespace: 'tools', serviceAccount: 'sa' };
const planBy = (more: Partial<EksPodIdentity>, sourceIdentity?: string) =>
  eksPodIdentity.plan(
    requestBy(
      { ...defaultEksPodIdentity, ...more },
      sourceIdentity === undefined ? {} : { sourceIdentity },
    ),
  );
const elsewhere = { account: '000000000002' as AccountId };

describe('EKS Pod Identity', () => {
  it('its role trusts EKS for this ServiceAccount of this cluster, and the target asks for its tags', () => {
    const plan = planBy({}, 'rollcall-a');
    expect(plan.trusts).toEqual([
      { kind: 'pod-identity', tags, account: '000000000001', sessionTags: true },
    ]);
    expect(plan.targetTrust({ ...elsewhere, externalId: 'x' })).toEqual({
      kind: 'role',
      roleArn: arnOf('restarter'),
      externalId: 'x',
      podTags: tags,
      sourceIdentity: 'rollcall-a',
    });
    expect(plan).toMatchObject({
      assumedBy: [],
      chained: true,
      targetSessionSeconds: 3600,
      association: {
        namespace: 'tools',
        serviceAccount: 'sa',
        roleArn: arnOf('restarter'),
        disableSessionTags: false,
      },
      job: { kind: 'eks-pod-identity', targetRole: false, sourceIdentity: 'rollcall-a' },
    });
    expect(plan.association).not.toHaveProperty('targetRoleArn');
  });

  it('without session tags neither trust asks for any', () => {
    const plan = planBy({ sessionTags: false });
    expect(plan.trusts).toMatchObject([{ sessionTags: false }]);
    expect(plan.targetTrust(elsewhere)).toEqual({ kind: 'role', roleArn: arnOf('restarter') });
    expect(plan.association?.disableSessionTags).toBe(true);
  });

  it('with a target role the association makes the hop, and the job makes none', () => {
    const plan = planBy({ targetRole: true });
    expect(plan.association?.targetRoleArn).toBe(target);
    expect(plan.job).toMatchObject({ targetRole: true });
    expect(plan.chained).toBe(true);
  });

  it('puts nothing on pods, ServiceAccounts and namespaces, and asks the agent alone', () => {
    expect(planBy({}).wiring).toEqual({
      serviceAccountAnnotations: {},
      podAnnotations: {},
      env: {},
      egress: [{ kind: 'pod-identity-agent' }],
    });
    expect(eksPodIdentity.namespaceAnnotations(hostCluster, [])).toEqual({});
    expect(eksPodIdentity.hostFault({})).toBeUndefined();
  });
});
