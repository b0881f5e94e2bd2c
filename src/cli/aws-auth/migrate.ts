import { UserError } from '../../../charts/user-error.ts';
import { ownEntries } from '../../aws-auth/leave.ts';
import { planMigration } from '../../aws-auth/migration.ts';
import { printable } from '../../fleet/terminal-text.ts';
import { fleetTags } from '../../iam/tags.ts';
import { exitCodes } from '../exit-codes.ts';
import { printData, type CliIo } from '../io.ts';
import { openAwsAuth } from './config-map.ts';
import type { MigrationFormat } from './migration-formats.ts';
import { migrationScript } from './migration-script.ts';
import { migrationTable } from './migration-table.ts';
import type { AwsAuthOptions } from './options.ts';
import { notesOn } from './report.ts';
import { requireOwnEntries } from './right-cluster.ts';
import { findTarget } from './target.ts';
import { noConfigMap } from './write.ts';

export interface MigrateOptions extends Omit<AwsAuthOptions, 'output'> {
  readonly output: MigrationFormat;
}

/**
 * `rollcall aws-auth migrate`: the way from the live ConfigMap to access entries. Writes nothing.
 *
 * @throws UserError
 */
export async function runMigrate(io: CliIo, options: MigrateOptions): Promise<number> {
  const format = options.output === 'script' ? 'table' : options.output;
  const target = findTarget(io, options, format);
  if (!target) return exitCodes.error;
  const { fleet, cluster, fragment } = target;
  const configMap = openAwsAuth(io, target, options);
  const live = await configMap.read();
  if (!live) throw noConfigMap(configMap);
  requireOwnEntries(configMap, live, target);
  const { name, eksCluster, region, account, partition } = cluster;
  const migrated = { name, eksCluster, region, account: account.id, partition };
  const planned = planMigration(live.data, migrated, {
    own: ownEntries(live.data, fragment).map(({ arn }) => arn),
    tags: fleetTags({ fleet }),
    asked: target.asked,
    byEntries: cluster.accessControl === 'access-entries',
  });
  if (planned.kind === 'refused') {
    const { code, section, found, expected, next } = planned;
    throw new UserError({ code, place: `${configMap.where}, ${section}`, found, expected, next });
  }
  const { plan } = planned;
  if (options.output === 'script') io.stdout(migrationScript(plan, fleet));
  else printData(io, format, { fleet, ...plan }, () => migrationTable(plan));
  const said = [configMap.where, ...notesOn(live.data), ...leftover(plan.leftovers.length)];
  if (format === 'table') io.stderr(said.map((line) => `${printable(line)}\n`).join(''));
  return exitCodes.ok;
}

const leftover = (count: number): readonly string[] =>
  count === 0 ? [] : [`${count} of aws-auth can’t be migrated as it stands: see what is left.`];
