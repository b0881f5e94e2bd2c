import { parse } from 'yaml';
import { z } from 'zod';
import type { Cluster, Fleet, User } from '../../../src/fleet/model.ts';
import type { OutputFile } from '../../../src/iam/render.ts';
import { isUserArn, parseRoleArn } from '../../../src/names/arn.ts';
import { isMappedUser } from '../../../src/names/kubernetes.ts';
import { isAt } from './callers.ts';
import { isOfFamily } from './fleet-asks.ts';

const entry = { username: z.string(), groups: z.array(z.string()) };
const fragment = z.strictObject({
  apiVersion: z.literal('rollcall.dev/v1alpha1'),
  kind: z.literal('AwsAuthFragment'),
  fleet: z.string(),
  cluster: z.string(),
  mapRoles: z.array(z.strictObject({ rolearn: z.string(), ...entry })),
  mapUsers: z
    .array(z.strictObject({ userarn: z.string(), ...entry }))
    .min(1)
    .optional(),
});

/** Entries that the authenticator would not match, or that make someone more than the fleet file asks. */
export const awsAuthViolations = (files: readonly OutputFile[], fleet: Fleet): readonly string[] =>
  files
    .filter(({ path }) => path.startsWith('_aws-auth/'))
    .flatMap(({ path, text }) => {
      const parsed = fragment.safeParse(parse(text));
      if (!parsed.success) return [`${path}: ${z.prettifyError(parsed.error)}`];
      const { cluster: name, mapRoles, mapUsers = [] } = parsed.data;
      const cluster = fleet.clusters.find((one) => one.name === name);
      if (path !== `_aws-auth/${name}.yaml` || cluster?.accessControl !== 'aws-auth') {
        return [`${path}: of ${name}`];
      }
      return [
        ...mapRoles
          .filter(({ rolearn }) => parseRoleArn(rolearn)?.path !== '/')
          .map(({ rolearn }) => `${path}: role ${rolearn}`),
        ...mapUsers
          .filter(({ userarn }) => !isUserArn(userarn))
          .map(({ userarn }) => `${path}: user ${userarn}`),
        ...[
          ...mapRoles.map(({ rolearn, ...rest }) => ({ arn: rolearn, ...rest })),
          ...mapUsers.map(({ userarn, ...rest }) => ({ arn: userarn, ...rest })),
        ]
          .filter((one) => !isServices(one, cluster, fleet) && !isPersons(one, cluster, fleet))
          .map(({ arn, username, groups }) => `${path}: ${arn} as ${username} of ${groups.join()}`),
      ];
    });

export interface Entry {
  readonly arn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/** A role that a service reaches there: as its user, of no group. */
export const isServices = (
  { arn, username, groups }: Entry,
  cluster: Cluster,
  fleet: Fleet,
): boolean =>
  groups.length === 0 &&
  isMappedUser(username) &&
  fleet.services
    .flatMap(({ reach }) => reach)
    .some(
      ({ clusters, kubernetesUser, role }) =>
        clusters.includes(cluster) &&
        kubernetesUser === username &&
        parseRoleArn(arn)?.account === cluster.account.id &&
        isOfFamily(parseRoleArn(arn)?.name ?? '', role),
    );

/** A person: of the groups that the file gives, and of the one that the rights are bound to. */
export const isPersons = (
  { arn, username, groups }: Entry,
  cluster: Cluster,
  fleet: Fleet,
): boolean =>
  fleet.users.some(
    (user) =>
      user.clusters.includes(cluster) &&
      isPrincipal(user, arn, cluster) &&
      user.username === username &&
      groups.toSorted().join() ===
        [...user.groups, ...(user.rights.length > 0 ? [`rollcall:${fleet.name}:${user.name}`] : [])]
          .toSorted()
          .join(),
  );

export const isPrincipal = ({ principal }: User, arn: string, { account }: Cluster): boolean =>
  principal.kind === 'existing'
    ? principal.arn === arn
    : isAt(arn, { account: account.id, role: principal.role });
