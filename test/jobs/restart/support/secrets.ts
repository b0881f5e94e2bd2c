const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** A JWT of the shape that kubelet projects; its signature is no one's. */
export const makeJwt = (claims: Readonly<Record<string, unknown>>): string =>
  `${base64url('{"alg":"RS256","kid":"k"}')}.${base64url(JSON.stringify(claims))}.${'c2lnbmF0dXJl'.repeat(20)}`;

const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const sessionToken = `IQoJb3JpZ2luX2VjEJ3${'aB3+/x9Q'.repeat(40)}==`;
const signature = 'fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024';
const jwt = makeJwt({ iss: 'https://issuer', sub: 'system:serviceaccount:sts:key-restarter' });
const presigned =
  `https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Algorithm=AWS4-HMAC-SHA256` +
  `&X-Amz-Security-Token=${encodeURIComponent(sessionToken)}&X-Amz-Signature=${signature}`;

interface Planted {
  /** As it might stand in an answer. */
  readonly text: string;
  /** What must not come through. */
  readonly secret: string;
}

export const plantedSecrets = {
  jwt: { text: jwt, secret: jwt.slice(0, 30) },
  unsignedJwt: { text: jwt.split('.').slice(0, 2).join('.'), secret: jwt.slice(0, 30) },
  eksToken: {
    text: `k8s-aws-v1.${base64url(presigned)}`,
    secret: base64url(presigned).slice(0, 40),
  },
  shortEksToken: { text: 'k8s-aws-v1.aHR0cHM6', secret: 'aHR0cHM6' },
  presignedUrl: { text: presigned, secret: signature },
  signatureParameter: { text: `?X-Amz-Signature=${signature}&x=1`, secret: signature },
  bearer: { text: 'Authorization: Bearer opaque-token-0815', secret: 'opaque-token-0815' },
  bearerInJson: {
    text: '{"authorization":"Bearer opaque-token-0815"}',
    secret: 'opaque-token-0815',
  },
  basic: { text: 'authorization: Basic dXNlcjpwYXNz', secret: 'dXNlcjpwYXNz' },
  sigv4Header: {
    text: `AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20260105/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=${signature}`,
    secret: signature,
  },
  accessKey: { text: 'key AKIAIOSFODNN7EXAMPLE', secret: 'AKIAIOSFODNN7EXAMPLE' },
  temporaryKey: { text: 'ASIAIOSFODNN7EXAMPLE', secret: 'IOSFODNN7EXAMPLE' },
  secretKey: { text: secretKey, secret: secretKey },
  secretKeyInXml: {
    text: `<SecretAccessKey>short-one</SecretAccessKey>`,
    secret: 'short-one',
  },
  secretKeyInJson: { text: '"secretAccessKey": "short-one"', secret: 'short-one' },
  secretKeyInFile: { text: 'aws_secret_access_key = short-one', secret: 'short-one' },
  sessionToken: { text: sessionToken, secret: sessionToken.slice(0, 40) },
  sessionTokenInXml: { text: '<SessionToken>short-two</SessionToken>', secret: 'short-two' },
} as const satisfies Readonly<Record<string, Planted>>;

export const secretValues: readonly string[] = Object.values(plantedSecrets).map(
  ({ secret }) => secret,
);
