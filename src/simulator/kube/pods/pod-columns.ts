import { at, count, text } from '../fields.ts';
import type { KubeObject } from '../objects.ts';

const containersOf = ({ status }: KubeObject): readonly unknown[] => {
  const containers = at(status, 'containerStatuses');
  return Array.isArray(containers) ? containers : [];
};

/** `1/1`: ready of all. */
export function readyContainers(pod: KubeObject): string {
  const all = at(pod.spec, 'containers');
  const ready = containersOf(pod).filter((one) => at(one, 'ready') === true);
  return `${ready.length}/${Array.isArray(all) ? all.length : 0}`;
}

/** The reason of the last container that waits, or the phase (pkg/printers, printPod). */
export function podStatus(pod: KubeObject): string {
  const reasons = containersOf(pod)
    .map((one) => text(at(one, 'state', 'waiting', 'reason')))
    .filter((reason) => reason !== '');
  return reasons.at(-1) ?? text(at(pod.status, 'phase'));
}

export const restartsOf = (pod: KubeObject): string =>
  String(containersOf(pod).reduce<number>((sum, one) => sum + count(at(one, 'restartCount')), 0));
