import type { Answer } from './local-server.ts';

/** Credentials as agents give them. */
export const agentCredentials = (expiresAt: number, more: object = {}) => ({
  Code: 'Success',
  Type: 'AWS-HMAC',
  AccessKeyId: 'ASIAFROMTHEAGENT',
  SecretAccessKey: 'secret-of-the-agent',
  Token: 'token-of-the-agent',
  Expiration: new Date(expiresAt).toISOString(),
  ...more,
});

/** As Go's `http.Error` writes it. */
export const plain =
  (status: number, text: string): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  };
