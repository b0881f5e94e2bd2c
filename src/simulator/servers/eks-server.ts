import { AwsError } from '../aws/aws-error.ts';
import type { PageRequest } from '../aws/eks-pages.ts';
import { verifySignature } from '../aws/sigv4.ts';
import type { AwsRequest } from '../aws/sigv4.ts';
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

/** EKS's REST protocol: `GET /clusters[/NAME]`, JSON out, the error's name in a header. */
export function eksHandler(world: EksWorld): Handler {
  return async (incoming, response) => {
    const request = await toAwsRequest(incoming);
    try {
      send(response, 200, 'application/json', JSON.stringify(await answer(world, request)));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const body = JSON.stringify({ message: error.message });
      send(response, error.status, 'application/json', body, {
        'x-amzn-errortype': jsonCodes[error.code] ?? error.code,
      });
    }
  };
}

async function answer(world: EksWorld, request: AwsRequest): Promise<unknown> {
  const { session, region } = await verifySignature(request, { ...world, service: 'eks' });
  const [found, name] = /^\/clusters(?:\/([^/]+))?$/.exec(request.path) ?? [];
  if (request.method !== 'GET' || found === undefined) {
    const message = 'Only ListClusters and DescribeCluster are simulated.';
    throw new AwsError('UnknownOperationException', message, 404);
  }
  if (name === undefined) {
    return world.eks.listClusters(session, region, pageRequest(request.query));
  }
  return { cluster: world.eks.describeCluster(session, region, decodeURIComponent(name)) };
}

/** There are no connected clusters, so that `include=all` changes nothing. */
function pageRequest(query: URLSearchParams): PageRequest {
  const include = query.getAll('include');
  if (include.some((value) => value !== 'all')) {
    throw new AwsError('InvalidParameterException', 'include must be all, or left out', 400);
  }
  const maxResults = query.get('maxResults');
  const nextToken = query.get('nextToken');
  return {
    ...(maxResults !== null && { maxResults: Number(maxResults) }),
    ...(nextToken !== null && { nextToken }),
  };
}
