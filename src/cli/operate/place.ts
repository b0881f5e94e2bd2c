import { UserError } from '../../../charts/user-error.ts';
import { leaseName, planConfigMapName, recordConfigMapName } from '../../access/names.ts';
import type { Rule } from '../../form/rule.ts';
import { rules } from '../../form/rules.ts';
import { listed, nearest } from '../../fleet/suggest.ts';
import { prepareFile } from '../fleet-file.ts';
import type { CliIo, OutputFormat } from '../io.ts';
import type { HubOptions } from './options.ts';

/** Where the hub keeps what a restart does and has done. */
export interface RecordPlace {
  readonly restart: string;
  readonly namespace: string;
  /** The first of the run record: it has the run, its progress and the history. */
  readonly configMap: string;
  readonly planConfigMap: string;
  /** Whoever works on a run holds it. */
  readonly lease: string;
}

/**
 * Finds a restart's run record by its fleet file, or by its namespace. `undefined` once all that is
 * wrong with the file has been shown.
 *
 * @throws UserError `hub/argument` for what can't be a name, `hub/unknown-restart` where the file has
 * no such restart, `cli/no-fleet-file` when it can't be read
 */
export function findPlace(
  io: CliIo,
  restart: string,
  { fleet, namespace }: HubOptions,
  format: OutputFormat = 'table',
): RecordPlace | undefined {
  requireRule(rules.restartName, restart, 'the restart’s name');
  if (namespace !== undefined) {
    requireRule(rules.dnsLabel, namespace, 'the namespace');
    return placeOf(restart, namespace, recordConfigMapName(restart, 0), leaseName(restart));
  }
  const file = fleet ?? 'fleet.yaml';
  const ready = prepareFile(io, file, format);
  if (!ready) return undefined;
  const plans = ready.graph.clusters.flatMap(({ restarts }) => restarts.map(({ plan }) => plan));
  const plan = plans.find((one) => one.restart === restart);
  if (!plan) throw unknownRestart(restart, file, plans);
  const { record } = plan;
  return placeOf(restart, record.namespace, record.configMaps[0] ?? '', record.lease);
}

const placeOf = (
  restart: string,
  namespace: string,
  configMap: string,
  lease: string,
): RecordPlace => ({
  restart,
  namespace,
  configMap,
  planConfigMap: planConfigMapName(restart),
  lease,
});

/** @throws UserError `hub/argument`: nothing that breaks a rule of the fleet file reaches a URL */
export function requireRule({ test, expected }: Rule, text: string, what: string): void {
  if (test(text)) return;
  throw new UserError({
    code: 'hub/argument',
    found: `${what} "${text}"`,
    expected,
    next: 'Write it as it stands in the fleet file.',
  });
}

function unknownRestart(
  restart: string,
  file: string,
  plans: readonly { readonly restart: string }[],
): UserError {
  const names = plans.map((plan) => plan.restart);
  const meant = nearest(restart, names);
  return new UserError({
    code: 'hub/unknown-restart',
    place: file,
    found: `no restart "${restart}"`,
    expected: `one of: ${listed(names)}`,
    next: meant === undefined ? 'Write one of these.' : `Write ${meant}.`,
  });
}
