import type { Diagnosis } from '../ports.ts';
import { safeText } from '../redact.ts';
import { eventsText, type PodEvent } from './pod-events.ts';
import { findingOf, type Finding } from './pod-finding.ts';
import { isGoing, isReady, madeAt, nameOf, type Pod } from './pod-facts.ts';

/** A pod that is not ready, and why. */
export interface Ailing {
  readonly pod: Pod;
  readonly finding: Finding;
  /** Made at or after the stamp: it runs what was restarted. */
  readonly isNew: boolean;
}

/** So many pods are named; the rest are counted. */
const mostNamed = 3;

/**
 * Pods that are not ready, the most telling first: new ones before old ones, then by what they say.
 * Pods that are being deleted, or have ended well, are none of them.
 *
 * @param since RFC 3339
 */
export function ailingPods(pods: readonly Pod[], since: string): readonly Ailing[] {
  const from = Date.parse(since);
  return pods
    .filter((pod) => !isGoing(pod) && !isReady(pod) && pod.status?.phase !== 'Succeeded')
    .map((pod) => ({ pod, finding: findingOf(pod), isNew: madeAt(pod) >= from }))
    .sort(
      (a, b) =>
        Number(b.isNew) - Number(a.isNew) ||
        a.finding.rank - b.finding.rank ||
        nameOf(a.pod).localeCompare(nameOf(b.pod)),
    );
}

/**
 * Why a workload's pods are not ready. An old pod never makes it hopeless: it may be what the restart
 * is to cure.
 *
 * @param events of the first of the pods
 */
export function diagnosisOf(ailing: readonly Ailing[], events: readonly PodEvent[]): Diagnosis {
  const [worst] = ailing;
  if (!worst) return { summary: '', hopeless: false };
  const alike = ailing.filter(
    ({ finding, isNew }) => finding.reason === worst.finding.reason && isNew === worst.isNew,
  );
  const names = alike.slice(0, mostNamed).map(({ pod }) => nameOf(pod));
  const more = alike.length - names.length;
  const { reason, detail } = worst.finding;
  const found = [
    detail === '' ? reason : `${reason}: ${detail}`,
    ` (${worst.isNew ? '' : 'older '}${alike.length === 1 ? 'pod' : 'pods'} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''})`,
    events.length > 0 ? `. Events: ${eventsText(events)}` : '',
  ];
  return {
    summary: safeText(found.join('')),
    hopeless: ailing.some(({ finding, isNew }) => isNew && finding.hopeless),
  };
}
