import { stringify } from 'yaml';
import type { AccessEntry, AccessGraph, ClusterAccess } from '../../access/graph.ts';
import type { ClusterModel, IamModel } from '../model.ts';
import type { OutputFile } from '../output-file.ts';

/** The annotation by which the pod identity webhook knows a ServiceAccount's role. */
const roleAnnotation = 'eks.amazonaws.com/role-arn';

/** A ClusterConfig for each cluster that eksctl can do something in. */
export function renderEksctl(graph: AccessGraph, model: IamModel): readonly OutputFile[] {
  const clusters = new Map(
    model.accounts.flatMap((account) => account.clusters.map((one) => [one.name, one] as const)),
  );
  return graph.clusters.flatMap((access) => {
    const known = clusters.get(access.cluster.name);
    const parts = { ...iamPart(access, known), ...entriesPart(known), ...mappingsPart(access) };
    if (Object.keys(parts).length === 0) return [];
    const { name, eksCluster, region } = access.cluster;
    const config = {
      apiVersion: 'eksctl.io/v1alpha5',
      kind: 'ClusterConfig',
      metadata: { name: eksCluster, region },
      ...parts,
    };
    return [{ path: `_eksctl/${name}.yaml`, text: `${head(graph.fleet, parts)}${yaml(config)}` }];
  });
}

/** Every text in quotes: what reads it may know other numbers and flags than what writes it. */
const yaml = (value: unknown): string =>
  stringify(value, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });

const commands: readonly (readonly [key: string, command: string])[] = [
  ['serviceAccounts', 'create iamserviceaccount'],
  ['podIdentityAssociations', 'create podidentityassociation'],
  ['accessConfig', 'create accessentry'],
  ['iamIdentityMappings', 'create iamidentitymapping'],
];

/** The roles are made first: what stands here names them. */
function head(fleet: string, parts: object): string {
  const keys = new Set(
    Object.entries(parts).flatMap(([key, part]) => [key, ...Object.keys(part as object)]),
  );
  return [
    `# Fleet ${fleet}: written by Rollcall, and replaced by the next synth.`,
    '# For a cluster, roles and providers that exist:',
    ...commands
      .filter(([key]) => keys.has(key))
      .map(([, command]) => `#   eksctl ${command} -f FILE`),
    '',
  ].join('\n');
}

/** ServiceAccounts with the role that they are annotated with, and EKS Pod Identity's associations. */
function iamPart({ pods }: ClusterAccess, cluster: ClusterModel | undefined) {
  const serviceAccounts = pods.flatMap((pod) => {
    const { identity, namespace, serviceAccount, wiring } = pod;
    const { [roleAnnotation]: role, ...annotations } = wiring.serviceAccountAnnotations;
    if (identity !== 'irsa' || role === undefined) return [];
    // eksctl would leave it out, or overwrite it.
    if (pod.serviceAccountOwnership === 'existing') return [];
    const metadata = {
      name: serviceAccount,
      namespace,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    };
    return [{ metadata, attachRoleARN: role }];
  });
  const podIdentityAssociations = (cluster?.associations ?? []).map((one) => ({
    namespace: one.namespace,
    serviceAccountName: one.serviceAccount,
    roleARN: one.roleArn,
    ...(one.targetRoleArn === undefined ? {} : { targetRoleARN: one.targetRoleArn }),
    disableSessionTags: one.disableSessionTags,
  }));
  const iam = {
    // Without it eksctl refuses serviceAccounts.
    ...(serviceAccounts.length > 0 ? { withOIDC: true, serviceAccounts } : {}),
    ...(podIdentityAssociations.length > 0 ? { podIdentityAssociations } : {}),
  };
  return Object.keys(iam).length === 0 ? {} : { iam };
}

const entriesPart = (cluster: ClusterModel | undefined) =>
  cluster && cluster.entries.length > 0
    ? { accessConfig: { accessEntries: cluster.entries.map(entryOf) } }
    : {};

const entryOf = ({ principalArn, username, groups, policies }: AccessEntry) => ({
  principalARN: principalArn,
  kubernetesUsername: username,
  ...(groups.length > 0 ? { kubernetesGroups: groups } : {}),
  ...(policies.length > 0
    ? {
        accessPolicies: policies.map(({ policyArn, namespaces }) => ({
          policyARN: policyArn,
          accessScope:
            namespaces.length === 0 ? { type: 'cluster' } : { type: 'namespace', namespaces },
        })),
      }
    : {}),
});

/** eksctl appends an entry whether one is there or not, unless it is told to look. */
const mappingsPart = ({ mappings }: ClusterAccess) =>
  mappings.length === 0
    ? {}
    : {
        iamIdentityMappings: mappings.map(({ arn, username, groups }) => ({
          arn,
          username,
          ...(groups.length > 0 ? { groups } : {}),
          noDuplicateARNs: true,
        })),
      };
