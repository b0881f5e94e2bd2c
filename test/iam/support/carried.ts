import type { AccessEntry } from '../../../src/access/graph.ts';
import type { IamModel } from '../../../src/iam/model.ts';

/** What a form says, whatever it looks like: the same of every form of a model. */
export interface Carried {
  /** By `account/name`. */
  readonly roles: Readonly<Record<string, CarriedRole>>;
  /** Client ids, by `account/issuer`: of the providers that are made. */
  readonly providers: Readonly<Record<string, readonly string[]>>;
  /** By `account/region/cluster/principal`. */
  readonly entries: Readonly<Record<string, Omit<AccessEntry, 'principalArn'>>>;
  /** By `account/region/cluster/namespace/service account`. */
  readonly associations: Readonly<Record<string, CarriedAssociation>>;
}

export interface CarriedRole {
  /** Of a role that exists: statements to add. */
  readonly trust?: unknown;
  /** By name. */
  readonly policies: Readonly<Record<string, CarriedPolicy>>;
  /** Absent: the role exists. */
  readonly made?: MadeRole;
}

export interface MadeRole {
  readonly path: string;
  readonly maxSessionSeconds: number;
  readonly permissionsBoundary?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface CarriedPolicy {
  readonly kind: 'inline' | 'managed';
  readonly document: unknown;
}

export interface CarriedAssociation {
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags: boolean;
}

/** The same with parts that can still be added to. */
export interface Collected {
  readonly roles: Record<
    string,
    { trust?: unknown; policies: Record<string, CarriedPolicy>; made?: MadeRole }
  >;
  readonly providers: Record<string, readonly string[]>;
  readonly entries: Record<string, Omit<AccessEntry, 'principalArn'>>;
  readonly associations: Record<string, CarriedAssociation>;
}

export const nothing = (): Collected => ({
  roles: {},
  providers: {},
  entries: {},
  associations: {},
});

/** A role's place in what is collected. */
export const roleIn = (collected: Collected, account: string, name: string) =>
  (collected.roles[`${account}/${name}`] ??= { policies: {} });

/** What every form of the model must say. */
export function carriedBy(model: IamModel): Carried {
  const collected = nothing();
  for (const account of model.accounts) {
    for (const { issuer, clientIds, ownership } of account.providers) {
      if (ownership === 'rollcall') collected.providers[`${account.id}/${issuer}`] = clientIds;
    }
    for (const { role, trust, policies, permissionsBoundary } of account.roles) {
      if (!trust && policies.length === 0) continue;
      const place = roleIn(collected, account.id, role.name);
      if (trust) place.trust = trust;
      for (const { kind, name, document } of policies) place.policies[name] = { kind, document };
      if (role.ownership === 'existing') continue;
      const { iamPath: path, maxSessionSeconds } = role;
      const tags = { ...model.settings.tags, 'rollcall.dev/fleet': model.fleet };
      place.made = { path, maxSessionSeconds, permissionsBoundary, tags };
    }
    for (const { eksCluster, region, entries, associations } of account.clusters) {
      const place = `${account.id}/${region}/${eksCluster}`;
      for (const { principalArn, ...entry } of entries) {
        collected.entries[`${place}/${principalArn}`] = entry;
      }
      for (const { namespace, serviceAccount, ...one } of associations) {
        collected.associations[`${place}/${namespace}/${serviceAccount}`] = one;
      }
    }
  }
  return collected;
}

/** Tags as IAM's API has them. */
export const tagsOf = (
  tags: readonly { readonly Key: string; readonly Value: string }[] = [],
): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
