import { randomBytes } from 'node:crypto';
import { eksToken } from '../../../../jobs/restart/aws/eks-token.ts';
import type { Region } from '../../../../src/names/arn.ts';
import { makeAuthority } from '../../../../src/simulator/servers/certificates.ts';
import { listen, send, toAwsRequest } from '../../../../src/simulator/servers/loopback.ts';

/** Who a principal of IAM is to STS. */
export interface Caller {
  /** As GetCallerIdentity tells it: of a session, `assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  /** An access key's unique id of the user, or of the role and its session. */
  readonly userId: string;
}

/** Answers GetCallerIdentity alone, by who was given the access key: no signature is looked at. */
export class CallerSts {
  readonly #callers = new Map<string, Caller>();
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly close: () => Promise<void>;

  private constructor(
    at: { readonly url: string; readonly close: () => Promise<void> },
    ca: string,
    callers: Map<string, Caller>,
  ) {
    this.url = at.url;
    this.close = at.close;
    this.ca = ca;
    this.#callers = callers;
  }

  static async start(region: Region): Promise<CallerSts> {
    const callers = new Map<string, Caller>();
    const authority = await makeAuthority('STS of users');
    const hosts = ['sts.amazonaws.com', `sts.${region}.amazonaws.com`];
    const server = await listen(await authority.issue(hosts), async (incoming, response) => {
      const { query } = await toAwsRequest(incoming);
      const [accessKey = ''] = (query.get('X-Amz-Credential') ?? '').split('/');
      const caller = callers.get(accessKey);
      if (!caller) {
        send(response, 403, 'application/json', '{"Error":{"Code":"InvalidClientTokenId"}}');
        return;
      }
      const Account = caller.arn.split(':')[4];
      const result = { Account, Arn: caller.arn, UserId: caller.userId };
      const body = { GetCallerIdentityResponse: { GetCallerIdentityResult: result } };
      send(response, 200, 'application/json', JSON.stringify(body));
    });
    return new CallerSts(server, authority.pem, callers);
  }

  /** A token for an EKS cluster, as `aws eks get-token` makes it for that caller. */
  token(caller: Caller, eksCluster: string, region: Region): Promise<string> {
    const prefix = caller.userId.includes(':') ? 'ASIA' : 'AKIA';
    const accessKeyId = `${prefix}${randomBytes(8).toString('hex').toUpperCase()}`;
    this.#callers.set(accessKeyId, caller);
    const now = Date.now();
    return eksToken(
      { eksCluster, region, partition: 'aws' },
      {
        accessKeyId,
        secretAccessKey: randomBytes(20).toString('hex'),
        sessionToken: randomBytes(40).toString('hex'),
        expiresAt: now + 3_600_000,
      },
      now,
    );
  }
}
