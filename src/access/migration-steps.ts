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
  const inPlace = legacy.filter((service) => !hasProfiles(service));
  const mounted = legacy.filter(hasProfiles);
  return [
    ...(inPlace.length === 0 ? [] : stepsInPlace(inPlace, to)),
    ...(mounted.length === 0 ? [] : [secondServices(mounted)]),
  ];
}

/** `movingProfiles` says why they can't have both at once. */
const hasProfiles = ({ awsConfig, kubeconfig }: PodService): boolean => awsConfig || kubeconfig;

const secondServices = (mounted: readonly PodService[]): MigrationStep => ({
  action:
    'What has awsConfig or kubeconfig has profiles mounted, which change in running pods: give its workloads a second service on the new way, with a ServiceAccount and roles of its own; mount its profiles, and remove the first.',
  at: mounted.map(serviceAccountOf),
});

const stepsInPlace = (
  legacy: readonly PodService[],
  to: MigrationTarget,
): readonly MigrationStep[] => [
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

const serviceAccountOf = ({ cluster, namespace, serviceAccount }: PodService): string =>
  `${cluster.name} ${namespace}/${serviceAccount}`;
