import type { Observed } from '../../../jobs/restart/observed.ts';
import type { Outcome } from '../../../jobs/restart/core/outcome.ts';
import { memberKey, type WorkloadState } from '../../../jobs/restart/core/state.ts';
import type { SimCluster, Version } from '../world/cluster.ts';
import { timeOf } from '../world/workload.ts';
import { must } from './violation.ts';
import { checkSkipped } from './skipped.ts';
import type { Witness } from './witness.ts';

/** What an outcome is held against. */
export interface Truth {
  readonly witness: Witness;
  readonly workload: WorkloadState;
  /** All versions of its object, in the world, ever. */
  readonly versions: readonly Version[];
  /** Others have changed it at least twice since an attempt wrote its intent. */
  readonly mayBeWiped: boolean;
  readonly cluster: SimCluster;
  readonly now: number;
}

/** Every outcome is true to the world. */
export function checkOutcome(truth: Truth, outcome: Outcome): void {
  const { witness, workload, versions } = truth;
  const claim = (holds: boolean, why: string): void => {
    must(
      holds,
      `outcome ${outcome.kind}`,
      () => `${workload.key}: ${why} (${JSON.stringify(outcome)})`,
    );
  };
  switch (outcome.kind) {
    case 'restarted':
      claim(witness.patches.has(workload.index), 'this process has sent no patch');
      checkProof(truth, outcome, claim);
      return;
    case 'alreadyRestarted':
      checkProof(truth, outcome, claim);
      return;
    case 'partial':
      claim(
        versions.some(({ object }) => 'partition' in object && object.partition > 0),
        'no partition',
      );
      checkProof(truth, outcome, claim);
      return;
    case 'reverted':
      claim(truth.mayBeWiped || wasUndone(truth), 'no stamp of this run was ever undone');
      return;
    case 'failed':
      claim(hasFailed(truth), 'nothing has failed');
      return;
    case 'timedOut':
      claim(isOverdue(truth), 'its time was not over');
      return;
    case 'missing':
      claim(wasAway(truth), 'it was there all the time');
      return;
    case 'delegated':
      claim(isBehindRollout(truth), 'no Rollout runs its pods');
      return;
    case 'wouldRestart':
      claim(witness.mode === 'dry', 'this is no dry run');
      return;
    case 'forbidden':
    case 'unreachable':
      claim(
        witness.troubles.has(outcome.link) || outcome.message.startsWith('no answer to its patch'),
        `nothing has failed at ${outcome.link}`,
      );
      return;
    case 'skipped':
      checkSkipped(truth, outcome, claim);
      return;
  }
}

/** The stamp was there when it was last seen, and by then all pods had been made with it or later. */
function checkProof(
  { witness, workload, versions }: Truth,
  { stamp, lastSeen }: { readonly stamp: string; readonly lastSeen: string },
  claim: (holds: boolean, why: string) => void,
): void {
  const { instant } = witness.run;
  claim(timeOf(stamp) >= instant, 'the stamp is older than the run');
  const last = witness.delivered.get(workload.key);
  claim(timeOf(last?.object?.stamp) >= instant, 'the stamp was not in what was seen last');
  claim(Date.parse(lastSeen) <= (last?.at ?? 0), 'it was last seen before');
  claim(
    versions.some(({ object, renewed }) => timeOf(object.stamp) >= instant && renewed >= instant),
    'its pods were never all newer than the run',
  );
}

/** A stamp that met the run was there, and then was not. */
const wasUndone = ({ witness, versions }: Truth): boolean => {
  const meets = ({ object, deleted }: Version): boolean =>
    !deleted && timeOf(object.stamp) >= witness.run.instant;
  return versions.some((version, index) => {
    const before = versions[index - 1];
    return before !== undefined && meets(before) && !meets(version);
  });
};

function hasFailed({ witness, workload, versions }: Truth): boolean {
  if ((witness.diagnosedHopeless.get(workload.index) ?? 0) >= 2) return true;
  if (witness.firedTimers.has(timerText(workload.index))) return true;
  return versions.some(({ object }) => isDegraded(object));
}

const isDegraded = (object: Observed): boolean =>
  object.kind === 'Deployment'
    ? object.status.progressing?.reason === 'ProgressDeadlineExceeded'
    : object.kind === 'Rollout' && object.status.phase === 'Degraded';

const timerText = (workload: number): string => JSON.stringify({ kind: 'workload', workload });

const isOverdue = ({ witness, workload }: Truth): boolean =>
  witness.firedTimers.has(timerText(workload.index)) ||
  witness.firedTimers.has(JSON.stringify({ kind: 'cluster', cluster: workload.cluster }));

/** A stand-in for a selector has no versions of its own. */
const wasAway = ({ witness, workload, versions }: Truth): boolean =>
  workload.key.endsWith('/?')
    ? witness.matchedNothing.has(`${workload.cluster}/${workload.group}`)
    : versions.length === 0 || versions.some(({ deleted }) => deleted);

const isBehindRollout = ({ workload, cluster }: Truth): boolean =>
  [...cluster.versions.values()].some((versions) =>
    versions.some(
      ({ object }) =>
        object.kind === 'Rollout' &&
        object.namespace === workload.namespace &&
        object.workloadRef === workload.name,
    ),
  );

export const versionsOf = (cluster: SimCluster, workload: WorkloadState): readonly Version[] =>
  cluster.versions.get(memberKey(workload)) ?? [];
