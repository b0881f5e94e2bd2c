/**
 * How kubectl's columns tell an age: two or three figures (apimachinery pkg/util/duration,
 * HumanDuration). Milliseconds in; up to two seconds in the future are now.
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const years = Math.floor(days / 365);
  const both = (large: string, small: number, unit: string): string =>
    small === 0 ? large : `${large}${small}${unit}`;
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return both(`${minutes}m`, seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return both(`${hours}h`, minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return both(`${days}d`, hours % 24, 'h');
  if (years < 2) return `${days}d`;
  if (years < 8) return both(`${years}y`, days % 365, 'd');
  return `${years}y`;
}
