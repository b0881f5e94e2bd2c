/** Addresses of a cluster, as EKS DescribeCluster gives them. */

const hostname = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*';
const issuer = new RegExp(`^https://${hostname}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*$`);
const endpoint = new RegExp(`^https://(?:${hostname}|\\[[0-9a-f:]+\\])(?::[0-9]{1,5})?$`, 'i');
const certificates =
  /^(?:\s*-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*)+$/;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * An OIDC issuer: `https://HOST[/PATH]` without query, fragment or a slash at the end. 255
 * characters at most (IAM API reference, CreateOpenIDConnectProvider, `Url`).
 */
export const isIssuer = (text: string): boolean =>
  text.length <= 255 && issuer.test(text) && URL.canParse(text);

const eksIssuer =
  /^https:\/\/oidc[.-]eks\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)\//;

/** The region that an issuer of EKS' own names; `undefined` for one of another form. */
export const issuerRegion = (issuer: string): string | undefined => eksIssuer.exec(issuer)?.[1];

/** An API server: `https://HOST[:PORT]` and nothing after it. */
export const isApiEndpoint = (text: string): boolean =>
  text.length <= 512 && endpoint.test(text) && URL.canParse(text);

/** PEM certificates, and nothing else (no key), base64-encoded on one line. */
export const isCertificateAuthority = (text: string): boolean =>
  base64.test(text) && certificates.test(Buffer.from(text, 'base64').toString('latin1'));
