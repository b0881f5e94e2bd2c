import type { Fleet, PodService } from '../fleet/model.ts';
import { isLegacy, type MigrationTarget } from './migrate.ts';

/** One step of a move to another identity. */
export interface MigrationStep {
  /** What to do, and what then holds. */
  readonly action: string;
  /** Where, each on a line of its own. Empty: everywhere that the first step said. */
  readonly at: readonly string[];
}

/**
 * How the fleet's legacy identities are left without a moment in which a pod has none: roles trust both
 * ways until every pod has been made anew. Empty where there is nothing to leave.
 */
export function migrationSteps({ services }: Fleet, to: MigrationTarget): readonly MigrationStep[] {
  const legacy = services.filter(isLegacy);
  if (legacy.length === 0) return [];
  return [
    {
      action:
        'Say the move at each service, or at its cluster for all of them; synth; apply IAM, then the clusters: roles then trust both ways.',
      at: legacy.map(
        ({ id, podIdentity }) => `${id}: podIdentity: ${to}, migratingFrom: ${podIdentity.kind}`,
      ),
    },
    {
      action:
        'Restart every workload that runs as one of these ServiceAccounts; a scheduled restart has new pods with its next run.',
      at: legacy.map(serviceAccountOf),
    },
    {
      action:
        'Take migratingFrom out; synth; apply the clusters, then IAM, and take out what synth lists: roles then trust the new way alone.',
      at: [],
    },
  ];
}

const serviceAccountOf = ({ cluster, namespace, serviceAccount }: PodService): string =>
  `${cluster.name} ${namespace}/${serviceAccount}`;
