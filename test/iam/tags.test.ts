import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessGraph, ClusterAccess } from '../../src/access/graph.ts';
import type { IamForm } from '../../src/fleet/model.ts';
import { textOfPrerequisite } from '../../src/iam/apply-order.ts';
import { applyOrder } from '../../src/iam/apply-steps.ts';
import { buildModel } from '../../src/iam/build-model.ts';
import { forms } from '../../src/iam/forms.ts';
import { fleetTag, tagsOf } from '../../src/iam/tags.ts';
import { account, arnOf, graphOfRoles, roleOf } from './support/roles.ts';

const entry = { principalArn: arnOf('role'), username: 'u', groups: ['g'], policies: [] };
const association = {
  ...{ namespace: 'n', serviceAccount: 's', roleArn: arnOf('role') },
  disableSessionTags: false,
};
const clusterOf = (eksCluster: string, parts: Partial<ClusterAccess>): ClusterAccess => ({
  cluster: {
    name: eksCluster.toLowerCase(),
    ...{ eksCluster, region: 'eu-west-1', partition: 'aws', account: { id: account } },
  } as unknown as ClusterAccess['cluster'],
  ...{ namespaces: [], pods: [], restarts: [], mappings: [], grants: [], userGrants: [] },
  ...{ entries: [], associations: [] },
  ...parts,
});
const graphOfClusters = (...clusters: readonly ClusterAccess[]): AccessGraph => ({
  ...graphOfRoles([roleOf()], { tags: { team: 'a' } }),
  clusters,
});

describe('the tag of the fleet', () => {
  const graph = graphOfClusters(
    clusterOf('Both', { entries: [entry], associations: [association] }),
  );
  const { model } = buildModel(graph);
  const read = (form: IamForm, path: string): unknown => {
    const file = forms[form](model, graph).find((one) => one.path === path);
    return JSON.parse(file?.text ?? '');
  };

  it('in CloudFormation: on a role beside the fleet file’s, on what EKS keeps alone', () => {
    const tagsIn = (name: string) => {
      const { Resources } = read('cloudformation', `_cloudformation/${name}.json`) as {
        Resources: Record<string, { Type: string; Properties: { Tags?: unknown } }>;
      };
      return Object.values(Resources).map(({ Type, Properties }) => [Type, Properties.Tags]);
    };
    const ours = { Key: 'rollcall.dev/fleet', Value: 'fleet' };
    expect(tagsIn(`${account}-iam`)).toEqual([
      ['AWS::IAM::Role', [{ Key: 'team', Value: 'a' }, ours]],
    ]);
    expect(tagsIn(`${account}-eu-west-1-eks`)).toEqual([
      ['AWS::EKS::AccessEntry', [ours]],
      ['AWS::EKS::PodIdentityAssociation', [ours]],
    ]);
  });

  it('in Terraform: the same', () => {
    const { resource } = read('terraform', `_terraform/${account}/main.tf.json`) as {
      resource: Record<string, Record<string, { tags?: unknown }>>;
    };
    const tags = Object.entries(resource).flatMap(([type, blocks]) =>
      Object.values(blocks).map((block) => [type, block.tags]),
    );
    const ours = { 'rollcall.dev/fleet': 'fleet' };
    expect(tags).toEqual([
      ['aws_iam_role', { team: 'a', ...ours }],
      ['aws_eks_access_entry', ours],
      ['aws_eks_pod_identity_association', ours],
    ]);
  });

  it('stands once, and is ours, whatever the fleet file’s tags are', () => {
    const key = fc.mixedCase(fc.constantFrom(fleetTag, 'team'));
    fc.assert(
      fc.property(fc.dictionary(key, fc.constant('x')), (tags) => {
        const all = tagsOf(buildModel(graphOfRoles([], { tags })).model);
        const ours = Object.entries(all).filter(([one]) => one.toLowerCase() === fleetTag);
        expect(ours).toEqual([[fleetTag, 'fleet']]);
        const others = Object.keys(tags).filter((one) => one.toLowerCase() === 'team');
        expect(Object.keys(all)).toEqual([...others, fleetTag]);
      }),
    );
  });
});

it('prerequisites say what clusters must have for what they are told, and no more', () => {
  const graph = graphOfClusters(
    clusterOf('Both', { entries: [entry], associations: [association] }),
    clusterOf('Entries', { entries: [entry] }),
    clusterOf('Associations', { associations: [association] }),
    clusterOf('Neither', {}),
  );
  const { prerequisites } = applyOrder(buildModel(graph).model).order;
  const at = (kind: string, cluster: string) => ({ kind, account, region: 'eu-west-1', cluster });
  expect(prerequisites).toEqual([
    at('pod-identity-agent', 'Both'),
    at('access-entries', 'Both'),
    at('access-entries', 'Entries'),
    at('pod-identity-agent', 'Associations'),
  ]);
  expect(prerequisites.slice(0, 2).map(textOfPrerequisite)).toEqual([
    `must run: the EKS add-on eks-pod-identity-agent in ${account}/eu-west-1/Both`,
    `must be set: authentication mode API_AND_CONFIG_MAP or API in ${account}/eu-west-1/Both`,
  ]);
});
