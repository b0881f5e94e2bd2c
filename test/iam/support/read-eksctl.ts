import { parse } from 'yaml';
import type { AccessGraph } from '../../../src/access/graph.ts';
import type { OutputFile } from '../../../src/iam/output-file.ts';

interface Config {
  readonly metadata: { readonly name: string; readonly region: string };
  readonly iam?: {
    readonly serviceAccounts?: readonly {
      readonly metadata: { readonly name: string; readonly namespace: string };
      readonly attachRoleARN: string;
    }[];
    readonly podIdentityAssociations?: readonly {
      readonly namespace: string;
      readonly serviceAccountName: string;
      readonly roleARN: string;
      readonly targetRoleARN?: string;
      readonly disableSessionTags: boolean;
    }[];
  };
  readonly accessConfig?: {
    readonly accessEntries: readonly {
      readonly principalARN: string;
      readonly kubernetesUsername: string;
      readonly kubernetesGroups?: readonly string[];
      readonly accessPolicies?: readonly {
        readonly policyARN: string;
        readonly accessScope: { readonly namespaces?: readonly string[] };
      }[];
    }[];
  };
  readonly iamIdentityMappings?: readonly {
    readonly arn: string;
    readonly username: string;
    readonly groups?: readonly string[];
  }[];
}

/** What `_eksctl/` says, as lines that can be compared. Every version of YAML must read the same. */
export function readEksctl(files: readonly OutputFile[]): readonly string[] {
  return files
    .flatMap(({ text }) => {
      const config = parse(text) as Config;
      expectSame(config, parse(text, { version: '1.1' }));
      return linesOf(config);
    })
    .sort();
}

function expectSame(a: unknown, b: unknown): void {
  if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error('YAML 1.1 reads another thing');
}

const linesOf = ({ metadata, iam, accessConfig, iamIdentityMappings }: Config) => {
  const line = (what: string, ...parts: readonly unknown[]) =>
    JSON.stringify([metadata.region, metadata.name, what, ...parts]);
  return [
    ...(iam?.serviceAccounts ?? []).map((one) =>
      line('service account', one.metadata.namespace, one.metadata.name, one.attachRoleARN),
    ),
    ...(iam?.podIdentityAssociations ?? []).map((one) =>
      line(
        'association',
        ...[one.namespace, one.serviceAccountName, one.roleARN],
        ...[one.targetRoleARN ?? null, one.disableSessionTags],
      ),
    ),
    ...(accessConfig?.accessEntries ?? []).map((one) =>
      line(
        'entry',
        ...[one.principalARN, one.kubernetesUsername, one.kubernetesGroups ?? []],
        (one.accessPolicies ?? []).map((policy) => [
          policy.policyARN,
          policy.accessScope.namespaces ?? [],
        ]),
      ),
    ),
    ...(iamIdentityMappings ?? []).map(({ arn, username, groups = [] }) =>
      line('mapping', arn, username, groups),
    ),
  ];
};

/** The same lines of the graph. */
export const eksctlOf = ({ clusters }: AccessGraph): readonly string[] =>
  clusters
    .flatMap(({ cluster, pods, associations, entries, mappings }) => {
      const line = (what: string, ...parts: readonly unknown[]) =>
        JSON.stringify([cluster.region, cluster.eksCluster, what, ...parts]);
      return [
        ...pods.flatMap(({ identity, namespace, serviceAccount, wiring }) => {
          const role = wiring.serviceAccountAnnotations['eks.amazonaws.com/role-arn'];
          if (identity !== 'irsa' || role === undefined) return [];
          return [line('service account', namespace, serviceAccount, role)];
        }),
        ...associations.map((one) =>
          line(
            'association',
            ...[one.namespace, one.serviceAccount, one.roleArn],
            ...[one.targetRoleArn ?? null, one.disableSessionTags],
          ),
        ),
        ...entries.map(({ principalArn, username, groups, policies }) =>
          line(
            'entry',
            ...[principalArn, username, groups],
            policies.map(({ policyArn, namespaces }) => [policyArn, namespaces]),
          ),
        ),
        ...mappings.map(({ arn, username, groups }) => line('mapping', arn, username, groups)),
      ];
    })
    .sort();
