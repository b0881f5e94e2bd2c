import type { Effect, RunEvent } from '../../jobs/restart/core/events.ts';
import type { Observed } from '../../jobs/restart/observed.ts';
import type { Run } from '../../jobs/restart/core/state.ts';

/** `Deployment/a/w0 g5 rv120 stamp 02:15:00`: an object in the words of a history. */
export const lineOfObject = ({
  kind,
  namespace,
  name,
  generation,
  resourceVersion,
  stamp,
}: Observed) =>
  `${kind}/${namespace}/${name} g${generation} rv${resourceVersion} ${stamp?.slice(5, 19) ?? '-'}`;

const nameOf = (run: Run, workload: number): string => run.workloads[workload]?.key ?? '?';

/** What was told. */
export function lineOfEvent(event: RunEvent, run: Run): string {
  const rest = (): string => {
    switch (event.type) {
      case 'snapshot':
        return `c${event.cluster} ${event.query.kind}/${event.query.namespace}: ${event.items.map(lineOfObject).join(', ')}`;
      case 'changed':
        return `c${event.cluster} ${lineOfObject(event.object)}`;
      case 'deleted':
        return `c${event.cluster} ${event.kind}/${event.namespace}/${event.name}`;
      case 'observationLost':
      case 'clusterLost':
        return `c${event.cluster} ${event.trouble.message}`;
      case 'connected':
      case 'lookedAgain':
      case 'reviewed':
        return `c${event.cluster}`;
      case 'writtenAhead':
        return `${nameOf(run, event.workload)} g${event.generation} memory ${event.memory.kind}`;
      case 'patched':
        return `${nameOf(run, event.workload)} ${lineOfObject(event.object)}`;
      case 'notPatched':
        return `${nameOf(run, event.workload)} ${event.object ? lineOfObject(event.object) : 'gone'} ${event.trouble?.message ?? ''}`;
      case 'patchUnsure':
      case 'patchRefused':
        return `${nameOf(run, event.workload)} ${event.trouble.message}`;
      case 'evicted':
        return `${nameOf(run, event.workload)} ${event.answer.kind}`;
      case 'diagnosed':
        return `${nameOf(run, event.workload)} ${event.diagnosis.hopeless ? 'hopeless' : 'nothing'}`;
      case 'timer':
        return JSON.stringify(event.timer);
      case 'control':
        return JSON.stringify(event.control);
      case 'gateAnswered':
        return `${event.wave}/${event.gate} ${event.passed ? 'passed' : event.message}`;
      case 'blockersAnswered':
        return event.blocking ?? 'quiet';
      case 'recordLost':
        return event.trouble.message;
      case 'leaseLost':
        return event.message;
      case 'started':
      case 'superseded':
      case 'terminating':
      case 'graceOver':
        return '';
    }
  };
  return `> ${event.type} ${rest()}`;
}

/** What is to be done. */
export function lineOfEffect(effect: Effect, run: Run): string {
  const rest = (): string => {
    switch (effect.type) {
      case 'connect':
      case 'review':
      case 'observe':
      case 'look':
      case 'close':
        return `c${effect.cluster}`;
      case 'writeAhead':
      case 'remember':
        return `${nameOf(run, effect.workload)} g${effect.generation}`;
      case 'patch':
        return `${nameOf(run, effect.workload)} on rv${effect.resourceVersion}`;
      case 'note':
        return JSON.stringify(effect.progress);
      case 'arm':
        return `${JSON.stringify(effect.timer)} ${effect.afterMs}`;
      case 'disarm':
        return JSON.stringify(effect.timer);
      case 'askGate':
        return `${effect.wave}/${effect.gate}`;
      case 'evict':
      case 'diagnose':
      case 'announce':
        return nameOf(run, effect.workload);
      case 'progress':
        return `${effect.workload === undefined ? '' : nameOf(run, effect.workload)} ${effect.message}`;
      case 'askBlockers':
      case 'finish':
        return '';
    }
  };
  return `  < ${effect.type} ${rest()}`;
}
