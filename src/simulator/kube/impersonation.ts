import type { ApiRequest } from './api.ts';
import type { KubeUser, RbacAuthorizer, ResourceAccess } from './rbac.ts';
import { refusal } from './rbac.ts';
import { badRequest, forbidden } from './status-error.ts';

type Wanted = Omit<ResourceAccess, 'kind' | 'verb'>;

/**
 * Who a request is made as, by its `Impersonate-*` headers: each user, group, uid and extra value
 * must be allowed to the caller by the verb `impersonate`
 * (k8s.io/apiserver pkg/endpoints/filters/impersonation/impersonation.go). The narrower verbs of
 * constrained impersonation, beta in 1.36, are not simulated.
 */
export function impersonated(
  authorizer: RbacAuthorizer,
  caller: KubeUser,
  { headers }: ApiRequest,
): KubeUser {
  const username = headers['impersonate-user'] ?? '';
  const groups = list(headers['impersonate-group']);
  const others = otherWishes(headers);
  if (username === '') {
    if (groups.length + others.length > 0)
      throw badRequest('requested groups, uid or extra values without impersonating a user name');
    return caller;
  }
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
  const who: Wanted =
    namespace !== undefined && account !== undefined
      ? { group: '', resource: 'serviceaccounts', namespace, name: account }
      : { group: '', resource: 'users', name: username };
  const wishes = [
    who,
    ...groups.map((name) => ({ group: '', resource: 'groups', name })),
    ...others,
  ];
  for (const wish of wishes) {
    const access = { kind: 'resource', verb: 'impersonate', ...wish } as const;
    const { allowed, reason } = authorizer.authorize(caller, access);
    if (allowed) continue;
    const { group, resource, name } = wish;
    throw forbidden({ group, plural: resource }, name, refusal(caller, access, reason));
  }
  const given =
    groups.length === 0 && namespace !== undefined
      ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
      : groups;
  return { username, groups: withAuthentication(username, given) };
}

/** Everyone is authenticated but the anonymous user, and who asks for the group of those. */
function withAuthentication(username: string, groups: readonly string[]): readonly string[] {
  const [yes, no] = ['system:authenticated', 'system:unauthenticated'];
  if (username === 'system:anonymous') return [...new Set([...groups, no])];
  return groups.includes(no) ? groups : [...new Set([...groups, yes])];
}

/** Uid and extra values: authorised, and of no further meaning here. */
function otherWishes(headers: ApiRequest['headers']): readonly Wanted[] {
  const group = 'authentication.k8s.io';
  const prefix = 'impersonate-extra-';
  const uid = headers['impersonate-uid'];
  return [
    ...Object.entries(headers)
      .filter(([header]) => header.startsWith(prefix))
      .flatMap(([header, value]) =>
        list(value).map((name) => ({
          group,
          resource: 'userextras',
          subresource: header.slice(prefix.length),
          name,
        })),
      ),
    ...(uid === undefined ? [] : [{ group, resource: 'uids', name: uid }]),
  ];
}

/** A header that comes several times is joined by commas: each value is authorised on its own. */
const list = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
