import { AwsError } from '../aws/aws-error.ts';
import { sessionArn } from '../aws/sessions.ts';
import type { Credentials, Session } from '../aws/sessions.ts';
import { verifySignature } from '../aws/sigv4.ts';
import type { AwsRequest } from '../aws/sigv4.ts';
import type { World } from '../load/world.ts';
import type { Handler } from './loopback.ts';
import { send, toAwsRequest } from './loopback.ts';
import {
  bounds,
  duration,
  mfaProof,
  ofAssumeRole,
  ofWebIdentity,
  ofGetSessionToken,
  membersOf,
  requireKnown,
  required,
  tagsOf,
  texts,
} from './sts-parameters.ts';
import { toXml } from './xml.ts';
import type { Elements } from './xml.ts';

type StsWorld = Pick<World, 'sts' | 'sessions' | 'clock'>;

const version = '2011-06-15';
const requestId = '00000000-0000-4000-8000-000000000000';

/** STS's query protocol: a form or a query string in, XML out; JSON for who accepts only that. */
export function stsHandler(world: StsWorld): Handler {
  return async (incoming, response) => {
    const request = await toAwsRequest(incoming);
    const json = request.headers.accept === 'application/json';
    try {
      const { action, result } = await answer(world, request);
      const body = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
      if (json) {
        send(response, 200, 'application/json', JSON.stringify({ [`${action}Response`]: body }));
      } else {
        send(response, 200, 'text/xml', withNamespace(`${action}Response`, body));
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const Type = error.status < 500 ? 'Sender' : 'Receiver';
      const inner = { Type, Code: error.code, Message: error.message };
      if (json) {
        send(response, error.status, 'application/json', JSON.stringify({ Error: inner }));
      } else {
        const body = { Error: inner, RequestId: requestId };
        send(response, error.status, 'text/xml', withNamespace('ErrorResponse', body));
      }
    }
  };
}

interface Answer {
  readonly action: string;
  readonly result: Elements;
}

async function answer(world: StsWorld, request: AwsRequest): Promise<Answer> {
  const parameters = request.method === 'POST' ? new URLSearchParams(request.body) : request.query;
  const action = parameters.get('Action') ?? '';
  if (parameters.get('Version') !== version) {
    throw new AwsError('InvalidAction', `Could not find operation ${action} for version`);
  }
  switch (action) {
    case 'AssumeRoleWithWebIdentity': {
      requireKnown(parameters, ofWebIdentity);
      const session = world.sts.assumeRoleWithWebIdentity({
        ...bounds(parameters),
        webIdentityToken: required(parameters, 'WebIdentityToken'),
      });
      const { subject, audience, provider } = session;
      return {
        action,
        result: {
          SubjectFromWebIdentityToken: subject,
          Audience: audience,
          Provider: provider.arn,
          ...issued(session),
        },
      };
    }
    case 'AssumeRole': {
      requireKnown(parameters, ofAssumeRole);
      const { session } = await verifySignature(request, { ...world, service: 'sts' });
      const assumed = world.sts.assumeRole(session, {
        ...bounds(parameters),
        ...texts(parameters, { externalId: 'ExternalId', sourceIdentity: 'SourceIdentity' }),
        ...mfaProof(parameters),
        tags: tagsOf(parameters),
        transitiveTagKeys: membersOf(parameters, 'TransitiveTagKeys'),
      });
      return { action, result: issued(assumed) };
    }
    case 'GetSessionToken': {
      requireKnown(parameters, ofGetSessionToken);
      const { session } = await verifySignature(request, { ...world, service: 'sts' });
      const { credentials, expiration } = world.sts.getSessionToken(session, {
        ...duration(parameters),
        ...mfaProof(parameters),
      });
      return { action, result: { Credentials: credentialsOf(credentials, expiration) } };
    }
    case 'GetCallerIdentity': {
      const { session } = await verifySignature(request, { ...world, service: 'sts' });
      return { action, result: { ...world.sts.getCallerIdentity(session) } };
    }
    default:
      throw new AwsError(
        'InvalidAction',
        `Could not find operation ${action} for version ${version}`,
      );
  }
}

const issued = (session: Session): Elements => ({
  AssumedRoleUser: {
    AssumedRoleId: `${session.role.id}:${session.name}`,
    Arn: sessionArn(session),
  },
  Credentials: credentialsOf(session.credentials, session.expiration),
  ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
});

const credentialsOf = (
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  expiration: number,
): Elements => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
  Expiration: new Date(expiration).toISOString(),
});

const withNamespace = (name: string, body: Elements): string =>
  `<${name} xmlns="https://sts.amazonaws.com/doc/${version}/">${toXml(body)}</${name}>`;
