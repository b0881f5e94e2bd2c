import { isDnsLabel, isDnsSubdomain } from '../names/kubernetes.ts';

/** `v1` or `apps/v1`: a group is a domain, a version a label (Kubernetes, API conventions). */
export function isApiVersion(text: string): boolean {
  const [first = '', second, ...rest] = text.split('/');
  if (second === undefined) return isDnsLabel(first);
  return rest.length === 0 && isDnsSubdomain(first) && isDnsLabel(second);
}

/** A resource's plural. Not `secrets`: they have no conditions, and nothing of ours reads them. */
export const isConditionResource = (text: string): boolean =>
  isDnsLabel(text) && text !== 'secrets';

const host = '(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?|\\[[0-9a-f:]+\\])';
const url = new RegExp(`^https?://${host}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?$`);

/** `http(s)://HOST[:PORT][/PATH]`, without user, password, query or fragment. */
export const isPrometheusUrl = (text: string): boolean =>
  text.length <= 512 && url.test(text) && URL.canParse(text);

/** `5%`: a whole number from 0 to 100. */
export const isPercent = (text: string): boolean => /^(?:\d|[1-9]\d|100)%$/.test(text);

const timeOfDay = /^([01]\d|2[0-3]):([0-5]\d)$/;
const minutesOfDay = 24 * 60;

/** `HH:MM` as minutes since midnight; `24:00` is the next midnight, and so 0. `undefined` for any other. */
export function minutesSinceMidnight(text: string): number | undefined {
  const [, hours, minutes] = timeOfDay.exec(text === '24:00' ? '00:00' : text) ?? [];
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) % minutesOfDay;
}
