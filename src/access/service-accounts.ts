import type { Fleet } from '../fleet/model.ts';
import type { AccessProblem } from './codes.ts';

/** Kubernetes makes it in every namespace (kubernetes.io, "Service Accounts"): it is never ours. */
const ofKubernetes = 'default';

/** Generated, it would overwrite one that is there, and take it from every other pod when it is pruned. */
export const reservedServiceAccounts = ({ services }: Fleet): readonly AccessProblem[] =>
  services.flatMap((service) =>
    service.kind === 'pod' &&
    service.serviceAccount === ofKubernetes &&
    !service.existingServiceAccount
      ? [
          {
            code: 'access/service-account-reserved' as const,
            path: [...service.path, 'serviceAccount'],
            found: `ServiceAccount ${ofKubernetes}, which Kubernetes makes in every namespace`,
            expected: 'a ServiceAccount of the service, or one said to be existing',
            next: 'Choose another name, or set `existingServiceAccount: true`.',
          },
        ]
      : [],
  );
