import type { AccessEntry } from '../../access/graph.ts';
import { asciiJson } from '../json.ts';
import type { IamModel } from '../model.ts';
import { fleetTags } from '../tags.ts';
import { command } from './shell.ts';

/** A call of `access_entry` (entry-functions.ts): what to make, and its access policies. */
export const entryCall = (
  model: Pick<IamModel, 'fleet'>,
  cluster: { readonly eksCluster: string; readonly region: string },
  entry: AccessEntry,
): string =>
  command(
    'access_entry',
    cluster.region,
    json({
      clusterName: cluster.eksCluster,
      principalArn: entry.principalArn,
      type: 'STANDARD',
      username: entry.username,
      kubernetesGroups: entry.groups,
      tags: fleetTags(model),
    }),
    json(
      entry.policies.map(({ policyArn, namespaces }) => ({
        policyArn,
        accessScope:
          namespaces.length === 0 ? { type: 'cluster' } : { type: 'namespace', namespaces },
      })),
    ),
  );

const json = (value: unknown): string => asciiJson(value, 2);
