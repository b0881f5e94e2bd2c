/** What kiam's objects call each other by. */
export const kiamNames = {
  agent: 'kiam-agent',
  /** The Service too, so that it is the host in the server's address. */
  server: 'kiam-server',
  agentSecret: 'kiam-agent-tls',
  serverSecret: 'kiam-server-tls',
  /** The CA, its issuer and its Secret. */
  ca: 'kiam-ca',
  bootstrap: 'kiam-self-signed',
} as const;

/**
 * The image of kiam's last release, for amd64 alone (Makefile): on nodes of another architecture give
 * one of your own.
 */
export const kiamImage = 'quay.io/uswitch/kiam:v4.2';

/**
 * Where the server listens. Over 1023, so that it need not be root; the Service is headless and leads
 * no port to another, so agents name it.
 */
export const kiamServerPort = 9610;
