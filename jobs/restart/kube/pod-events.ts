/** The parts of an Event that are looked at, as the API server writes them. */
export interface PodEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly metadata?: { readonly creationTimestamp?: string };
}

/** So many are told. */
const mostEvents = 3;

/** The last warnings; the last events of any type where there is none. */
export function eventsText(events: readonly PodEvent[]): string {
  const warnings = events.filter(({ type }) => type === 'Warning');
  return [...(warnings.length > 0 ? warnings : events)]
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, mostEvents)
    .map(({ reason = '', message = '', count = 1 }) =>
      [`${reason}: ${message}`, count > 1 ? ` (${count} times)` : ''].join(''),
    )
    .join('; ');
}

/** Events of the old API have `lastTimestamp`, of the new one `eventTime`. */
const timeOf = ({ lastTimestamp, eventTime, metadata }: PodEvent): number =>
  Date.parse(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '') || 0;
