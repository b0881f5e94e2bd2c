import { answerReview } from './access-reviews.ts';
import type { ApiRequest, ApiResponse } from './api.ts';
import { bodyOf } from './body.ts';
import type { Fault, Faults } from './faults.ts';
import { impersonated } from './impersonation.ts';
import type { ObjectHandlers } from './object-handlers.ts';
import { pathAnswer } from './paths.ts';
import type { AccessRequest, KubeUser, RbacAuthorizer } from './rbac.ts';
import { refusal } from './rbac.ts';
import { omit } from './objects.ts';
import { requestInfo } from './request-info.ts';
import type { RequestInfo, ResourceRequest } from './request-info.ts';
import { reviewTypes, typeOfPath } from './resources.ts';
import type { ResourceType } from './resources.ts';
import {
  forbidden,
  methodNotAllowed,
  noSuchResource,
  StatusError,
  tooManyRequests,
  unauthorized,
} from './status-error.ts';

export interface ChainOptions {
  readonly authenticate: (bearer: string) => Promise<KubeUser | undefined>;
  readonly authorizer: RbacAuthorizer;
  readonly objects: ObjectHandlers;
  readonly faults: Faults;
  /** The kinds that there are now. */
  readonly served: () => readonly ResourceType[];
  /** See `KubeClusterOptions`. */
  readonly webhookAuthorizer: boolean;
}

/**
 * Authentication, impersonation, fault or fairness, authorization, handler: in the API server's
 * order (k8s.io/apiserver pkg/server/config.go, DefaultBuildHandlerChain).
 */
export class RequestChain {
  readonly #options: ChainOptions;

  constructor(options: ChainOptions) {
    this.#options = options;
  }

  /** Refusals are answers. Rejects only when `signal` is aborted while the request hangs. */
  async handle(request: ApiRequest): Promise<ApiResponse> {
    try {
      const caller = await this.#authenticated(request);
      const user = impersonated(this.#options.authorizer, caller, request);
      const fault = this.#options.faults.take(request);
      if (fault) await suffer(fault, request.signal);
      const info = requestInfo(request.method, request.path);
      this.#authorized(user, info);
      return info.kind === 'path'
        ? pathAnswer(info, request, this.#options.served())
        : this.#resource(user, info, request);
    } catch (error) {
      if (error instanceof StatusError) return failure(error);
      throw error;
    }
  }

  async #authenticated({ headers }: ApiRequest): Promise<KubeUser> {
    const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const user = bearer === undefined ? undefined : await this.#options.authenticate(bearer);
    if (!user) throw unauthorized();
    return { ...user, groups: [...new Set([...user.groups, 'system:authenticated'])] };
  }

  #authorized(user: KubeUser, info: RequestInfo): void {
    const access = accessOf(info);
    const { allowed, reason } = this.#options.authorizer.authorize(user, access);
    if (allowed) return;
    const type =
      info.kind === 'path'
        ? { group: '', plural: '' }
        : { group: info.group, plural: info.resource };
    const name = info.kind === 'path' ? undefined : info.name;
    throw forbidden(type, name, refusal(user, access, reason));
  }

  #resource(user: KubeUser, info: ResourceRequest, request: ApiRequest): ApiResponse {
    const { authorizer, objects, served, webhookAuthorizer } = this.#options;
    const { group, version, resource } = info;
    const review = reviewTypes.find(
      (one) => one.group === group && one.version === version && one.plural === resource,
    );
    if (review) {
      if (info.subresource !== undefined) throw noSuchResource();
      if (info.verb !== 'create') throw methodNotAllowed();
      const body = answerReview(review, { authorizer, user, webhookAuthorizer }, bodyOf(request));
      return { kind: 'json', status: 201, body };
    }
    const type = typeOfPath(served(), group, version, resource);
    if (!type) throw noSuchResource();
    return objects.handle(type, info, request, user);
  }
}

function accessOf(info: RequestInfo): AccessRequest {
  if (info.kind === 'path') return info;
  return omit(info, 'query', 'version');
}

async function suffer(fault: Fault, signal: AbortSignal): Promise<void> {
  switch (fault.kind) {
    case 'throttle':
      throw tooManyRequests(fault.retryAfterSeconds);
    case 'unavailable':
      throw new StatusError(
        503,
        'ServiceUnavailable',
        'the server is currently unable to handle the request',
      );
    case 'hang':
      await new Promise<never>((_, reject) => {
        const abort = (): void => {
          reject(signal.reason as Error);
        };
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort, { once: true });
      });
  }
}

function failure({ status }: StatusError): ApiResponse {
  const seconds = status.details?.retryAfterSeconds;
  return {
    kind: 'json',
    status: status.code,
    ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
    body: status,
  };
}
