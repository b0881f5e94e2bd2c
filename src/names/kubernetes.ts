/** Name rules of Kubernetes and EKS, each with the document it comes from. */

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const labelName = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const eksClusterName = /^[0-9A-Za-z][A-Za-z0-9\-_]{0,99}$/;

/** RFC 1123 label, 63 characters: namespaces, containers. */
export const isDnsLabel = (text: string): boolean => text.length <= 63 && dnsLabel.test(text);

/** RFC 1123 subdomain, 253 characters: most object names. */
export const isDnsSubdomain = (text: string): boolean =>
  text.length <= 253 && dnsSubdomain.test(text);

/** Label value: empty, or at most 63 of letters, digits, `-_.`, bounded by letters or digits. */
export const isLabelValue = (text: string): boolean =>
  text === '' || (text.length <= 63 && labelName.test(text));

/** Label key: an optional DNS-subdomain prefix and `/`, then a name of at most 63. */
export function isLabelKey(text: string): boolean {
  const [first = '', second, ...rest] = text.split('/');
  if (rest.length > 0) return false;
  const [prefix, name] = second === undefined ? [undefined, first] : [first, second];
  return (
    (prefix === undefined || isDnsSubdomain(prefix)) && name.length <= 63 && labelName.test(name)
  );
}

/** EKS CreateCluster: 1–100 characters, starts with a letter or digit. */
export const isEksClusterName = (text: string): boolean => eksClusterName.test(text);

/** A CronJob's name leaves room for the `-<unix minutes>` that its Jobs add: 52 (Kubernetes, CronJob). */
export const isCronJobName = (text: string): boolean => text.length <= 52 && isDnsLabel(text);

/**
 * A user name that aws-auth may map a role to: printable ASCII, 1–253. Not `system:…` (Kubernetes
 * keeps the prefix for itself), and no `{{…}}` (aws-iam-authenticator would fill it in by session).
 */
export const isMappedUser = (text: string): boolean =>
  /^[\x21-\x7e]{1,253}$/.test(text) && !text.startsWith('system:') && !text.includes('{{');
