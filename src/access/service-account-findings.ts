import type { Fleet, PodService, Service } from '../fleet/model.ts';
import { mechanisms } from '../identities/mechanisms.ts';
import type { Finding } from './findings.ts';
import { defaultServiceAccount } from './service-accounts.ts';

/** What a ServiceAccount of someone else's gives to pods that are not the service's. */
export function serviceAccountFindings(service: Service, fleet: Fleet): readonly Finding[] {
  if (service.kind === 'outside' || !service.existingServiceAccount) return [];
  const given = givenTo(service, fleet);
  if (given.length === 0) return [];
  const { namespace, serviceAccount, path } = service;
  const what = given.join(' and ');
  if (serviceAccount !== defaultServiceAccount) {
    return [
      {
        code: 'finding/existing-service-account',
        path: [...path, 'existingServiceAccount'],
        found: `ServiceAccount ${serviceAccount} of someone else’s: each pod in ${namespace} that runs as it has ${what}`,
        expected: 'a ServiceAccount of the service alone',
        next: 'See whose pods run as it; where others do, give the service’s pods a ServiceAccount of their own.',
      },
    ];
  }
  return [
    {
      code: 'finding/default-service-account',
      path: [...path, 'serviceAccount'],
      found: `ServiceAccount ${serviceAccount}: every pod in ${namespace} that names none has ${what}`,
      expected: 'a ServiceAccount of the service alone',
      next: 'Give the service’s pods a ServiceAccount of their own, and name it here.',
    },
  ];
}

/** By kiam and kube2iam a pod's annotation names the role, whatever its ServiceAccount. */
function givenTo(service: PodService, { restarts }: Fleet): readonly string[] {
  const ways = [service.podIdentity, service.migratingFrom?.identity];
  const byAccount = ways.some((way) => way && mechanisms[way.kind].legacy === undefined);
  return [
    ...(byAccount ? ['the service’s AWS role'] : []),
    ...(restarts.some((restart) => restart.service.id === service.id)
      ? ['its restarts’ rights']
      : []),
  ];
}
