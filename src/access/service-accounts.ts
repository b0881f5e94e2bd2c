import type { Fleet } from '../fleet/model.ts';
import type { AccessProblem } from './codes.ts';

/** Kubernetes makes it in every namespace (kubernetes.io, "Service Accounts"): it is never ours. */
export const defaultServiceAccount = 'default';

/** Generated, it would overwrite one that is there, and take it from every other pod when it is pruned. */
export const reservedServiceAccounts = ({ services }: Fleet): readonly AccessProblem[] =>
  services.flatMap((service) =>
    service.kind === 'pod' &&
    service.serviceAccount === defaultServiceAccount &&
    !service.existingServiceAccount
      ? [
          {
            code: 'access/service-account-reserved' as const,
            path: [...service.path, 'serviceAccount'],
            found: `ServiceAccount ${defaultServiceAccount}, which Kubernetes makes in every namespace`,
            expected: 'a ServiceAccount of the service, or one said to be existing',
            next: 'Choose another name. `existingServiceAccount: true` lets it stand, but every pod of the namespace that names no account then has what the service has.',
          },
        ]
      : [],
  );

/** In a namespace that is made, nobody has made one before. */
export const ownersOfServiceAccounts = ({ services }: Fleet): readonly AccessProblem[] =>
  services.flatMap((service) =>
    service.kind === 'pod' && service.existingServiceAccount && !service.existingNamespace
      ? [
          {
            code: 'access/service-account-owner' as const,
            path: [...service.path, 'existingServiceAccount'],
            found: `ServiceAccount ${service.namespace}/${service.serviceAccount}, said to be existing in a namespace that is generated`,
            expected: 'a ServiceAccount of the service, or a namespace that is there as well',
            next: `${service.serviceAccount === defaultServiceAccount ? 'Choose another name, and remove' : 'Remove'} existingServiceAccount; or, where the namespace is someone else’s, set \`existingNamespace: true\`.`,
          },
        ]
      : [],
  );
