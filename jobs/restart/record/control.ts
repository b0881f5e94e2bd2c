import type { Control } from '../core/events.ts';
import { formatInstant, parseInstant, type Instant } from '../core/instant.ts';

/** On the first ConfigMap of the record, by `rollcall stop`, `pause`, `resume` and `approve`. */
export const controlAnnotations = {
  /** The instant of the run to be stopped. */
  stop: 'rollcall.dev/stop',
  /** Anything but nothing and `false`: no run of this restart begins anything new. */
  pause: 'rollcall.dev/pause',
  /** `<instant>/<wave>`, several with commas between. */
  approve: 'rollcall.dev/approve',
} as const;

/** What operators ask of the run of this instant. */
export function parseControl(
  annotations: Readonly<Record<string, string>>,
  instant: Instant,
): Control {
  const pause = annotations[controlAnnotations.pause] ?? '';
  const approvals = (annotations[controlAnnotations.approve] ?? '')
    .split(',')
    .map((one) => one.trim());
  const prefix = `${formatInstant(instant)}/`;
  return {
    stop: parseInstant(annotations[controlAnnotations.stop]) === instant,
    paused: pause !== '' && pause !== 'false',
    approved: approvals
      .filter((one) => one.startsWith(prefix))
      .map((one) => one.slice(prefix.length))
      .sort(),
  };
}
