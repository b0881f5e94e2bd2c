import { checkClusters } from './check-clusters.ts';
import { checkDelivery } from './check-delivery.ts';
import { checkIam } from './check-iam.ts';
import { checkRestarts } from './check-restarts.ts';
import { indexClusters } from './check-selector.ts';
import { checkServices } from './check-services.ts';
import { checkUsers } from './check-users.ts';
import { Problems } from './codes.ts';
import type { FleetDraft } from './shape.ts';

/** Checks what the parts of a fleet file mean together, as far as its shape allows. */
export function checkMeaning(draft: FleetDraft): Problems {
  const problems = new Problems();
  const clusters = indexClusters(draft);
  checkIam(draft, problems);
  checkDelivery(draft, problems);
  checkClusters(draft, problems);
  const services = checkServices(draft, clusters, problems);
  checkUsers(draft, clusters, problems);
  checkRestarts(draft, clusters, services, problems);
  return problems;
}
