import { AwsError } from '../aws/aws-error.ts';
import { verifySignature } from '../aws/sigv4.ts';
import type { AwsRequest } from '../aws/sigv4.ts';
import type { DescribedCluster } from '../aws/eks.ts';
import type { World } from '../load/world.ts';
import type { Handler } from './loopback.ts';
import { send, toAwsRequest } from './loopback.ts';

type EksWorld = Pick<World, 'eks' | 'sessions' | 'clock'>;

/** Signature errors have other names in the JSON protocols than in STS's. */
const jsonCodes: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch: 'InvalidSignatureException',
  IncompleteSignature: 'IncompleteSignatureException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  ExpiredToken: 'ExpiredTokenException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  ValidationError: 'InvalidParameterException',
};

/** EKS's REST protocol: `GET /clusters/NAME`, JSON out, the error's name in a header. */
export function eksHandler(world: EksWorld): Handler {
  return async (incoming, response) => {
    const request = await toAwsRequest(incoming);
    try {
      const cluster = await describe(world, request);
      send(response, 200, 'application/json', JSON.stringify({ cluster }));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const body = JSON.stringify({ message: error.message });
      send(response, error.status, 'application/json', body, {
        'x-amzn-errortype': jsonCodes[error.code] ?? error.code,
      });
    }
  };
}

async function describe(world: EksWorld, request: AwsRequest): Promise<DescribedCluster> {
  const { session, region } = await verifySignature(request, { ...world, service: 'eks' });
  const name = /^\/clusters\/([^/]+)$/.exec(request.path)?.[1];
  if (request.method !== 'GET' || name === undefined) {
    throw new AwsError('UnknownOperationException', 'Only DescribeCluster is simulated.', 404);
  }
  return world.eks.describeCluster(session, region, decodeURIComponent(name));
}
