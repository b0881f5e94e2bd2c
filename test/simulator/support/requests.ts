import { createHash, createHmac } from 'node:crypto';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../../../src/simulator/aws/sessions.ts';
import type { AwsRequest } from '../../../src/simulator/aws/sigv4.ts';

type Data = string | ArrayBuffer | ArrayBufferView;
const bytes = (data: Data): Uint8Array =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);

class Sha256 {
  readonly #hash;
  constructor(secret?: Data) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: Data): void {
    this.#hash.update(bytes(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    throw new Error('unused');
  }
}

interface SigningOptions {
  readonly credentials: Credentials;
  readonly at: number;
  readonly service?: string;
}

const signer = ({ credentials, service = 'sts' }: SigningOptions): SignatureV4 =>
  new SignatureV4({ service, region: 'eu-west-1', credentials, sha256: Sha256 });

/** A header-signed POST of a form, as it reaches the service. */
export async function signedForm(body: string, options: SigningOptions): Promise<AwsRequest> {
  const headers = { host: 'sts.eu-west-1.amazonaws.com', 'content-type': 'text/plain' };
  const { headers: signed } = await signer(options).sign(
    new HttpRequest({ method: 'POST', path: '/', headers, body }),
    { signingDate: new Date(options.at) },
  );
  const lower = Object.entries(signed).map(([name, value]) => [name.toLowerCase(), value]);
  const received = Object.fromEntries(lower) as Record<string, string>;
  return { method: 'POST', path: '/', query: new URLSearchParams(), headers: received, body };
}

export interface TokenOptions extends SigningOptions {
  readonly cluster: string;
  /** Default: `sts.eu-west-1.amazonaws.com`. */
  readonly host?: string;
  /** Seconds. Default: 60. */
  readonly expires?: number;
  readonly query?: Readonly<Record<string, string>>;
}

/** The presigned URL inside of an EKS token. */
export async function presignedUrl(options: TokenOptions): Promise<URL> {
  const { host = 'sts.eu-west-1.amazonaws.com', cluster, expires = 60, at } = options;
  const { query = {} } = await signer(options).presign(
    new HttpRequest({
      protocol: 'https:',
      method: 'GET',
      hostname: host,
      path: '/',
      headers: { host, 'x-k8s-aws-id': cluster },
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15', ...options.query },
    }),
    { expiresIn: expires, signingDate: new Date(at) },
  );
  const url = new URL(`https://${host}/`);
  url.search = new URLSearchParams(query as Record<string, string>).toString();
  return url;
}

export const toToken = (url: URL | string): string =>
  `k8s-aws-v1.${Buffer.from(String(url)).toString('base64url')}`;
