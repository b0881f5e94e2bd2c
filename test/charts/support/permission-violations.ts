import type { Fleet } from '../../../src/fleet/model.ts';
import { clusterArn, parseRoleArn } from '../../../src/names/arn.ts';
import { askedRights, isOfFamily, nodeRights, rightOf, type RolePlace } from './fleet-asks.ts';
import { isAt } from './callers.ts';
import { listOf, type IamDocument, type Statement } from './iam-documents.ts';

/** What a statement allows a role without anybody having asked for it. */
export function permissionViolations(
  statement: Statement,
  place: RolePlace,
  fleet: Fleet,
  documents: readonly IamDocument[],
): readonly string[] {
  const { Sid, Principal, Resource, Condition } = statement;
  if (Principal !== undefined || Resource === undefined) return [`${Sid}: no permission`];
  if (/Asked\d+$/.test(Sid)) return unasked(statement, place, fleet);
  if (Condition !== undefined) return [`${Sid}: a condition that nobody asks for`];
  if (Sid.endsWith('DescribeClusters')) return describes(statement, place, fleet);
  return hops(statement, place, documents);
}

/** `policies:` of the fleet file, and of kube2iam's nodes what it needs; no role to pass on, ever. */
function unasked(statement: Statement, place: RolePlace, fleet: Fleet): readonly string[] {
  const asked = new Set([
    ...nodeRights(fleet, place),
    ...askedRights(fleet)
      .filter(({ account, role }) => account === place.account && isOfFamily(place.role, role))
      .flatMap(({ rights }) => rights),
  ]);
  return rightsOf(statement)
    .filter((right) => !asked.has(right) || /^iam:(PassRole|\*)|^\*/i.test(right))
    .map((right) => `not asked for: ${right}`);
}

const rightsOf = ({ Action, Resource = [], Condition = {} }: Statement): readonly string[] => {
  const conditions = Object.fromEntries(
    Object.entries(Condition).map(([operator, tests]) => [
      operator,
      Object.fromEntries(Object.entries(tests).map(([key, values]) => [key, listOf(values)])),
    ]),
  );
  return listOf(Action).flatMap((action) =>
    Resource.map((resource) => rightOf(action, resource, conditions)),
  );
};

/** Clusters of the role's own account that it opens to a service, or that people with it enter. */
function describes(
  { Action, Resource = [] }: Statement,
  place: RolePlace,
  { services, users }: Fleet,
): readonly string[] {
  const ofServices = services
    .flatMap(({ reach }) => reach)
    .filter(({ role }) => isOfFamily(place.role, role))
    .flatMap(({ clusters }) => clusters)
    // The file says what the job would ask.
    .filter(({ connection }) => !connection);
  const ofPeople = users
    .filter(({ principal }) => principal.kind === 'role' && principal.role === place.role)
    .flatMap(({ clusters }) => clusters);
  const reached = [...ofServices, ...ofPeople]
    .filter(({ account }) => account.id === place.account)
    .map(({ partition, region, account, eksCluster }) =>
      clusterArn(partition, region, account.id, eksCluster),
    );
  return [
    ...(Action === 'eks:DescribeCluster' ? [] : [`${listOf(Action).join()} on clusters`]),
    ...Resource.filter((arn) => !reached.includes(arn)).map((arn) => `describes ${arn}`),
  ];
}

const onceNamed = /AssumeTargetRoles(Tagged)?(Named)?$/;

/** Each a role by its exact ARN, which lets this one in for these very actions. */
function hops(
  { Sid, Action, Resource = [] }: Statement,
  place: RolePlace,
  documents: readonly IamDocument[],
): readonly string[] {
  const [kind, tagged, named] = onceNamed.exec(Sid) ?? [];
  const actions = [
    'sts:AssumeRole',
    ...(tagged ? ['sts:TagSession'] : []),
    ...(named ? ['sts:SetSourceIdentity'] : []),
  ].join();
  if (kind === undefined || listOf(Action).join() !== actions) {
    return [`${Sid}: ${listOf(Action).join()}`];
  }
  return Resource.filter((arn) => {
    const target = parseRoleArn(arn);
    const trust = documents.find(
      ({ kind, account, role }) =>
        kind === 'trust' && account === target?.account && role === target.name,
    );
    return !trust?.statements.some(
      ({ Principal, Action: allowed }) =>
        listOf(allowed).join() === actions &&
        Principal !== undefined &&
        'AWS' in Principal &&
        listOf(Principal.AWS).some((caller) => isAt(caller, place)),
    );
  }).map((arn) => `${Sid}: ${arn} does not let it in so`);
}

/** Rights that the fleet file asks for, and that no document gives. */
export const missingRights = (documents: readonly IamDocument[], fleet: Fleet): readonly string[] =>
  askedRights(fleet).flatMap(({ account, role, rights }) => {
    const given = new Set(
      documents
        .filter((one) => one.account === account && isOfFamily(one.role, role))
        .flatMap(({ kind, statements }) => (kind === 'permissions' ? statements : []))
        .flatMap(rightsOf),
    );
    return rights
      .filter((right) => !given.has(right))
      .map((right) => `asked for, and not given to ${role} of ${account}: ${right}`);
  });
