import { fillEnv } from '../form/role-template.ts';
import type { FleetPath } from './diagnostic.ts';
import type { ServiceFile } from './schema-service.ts';
import type { Draft } from './shape.ts';

export type ServiceDraft = Draft<ServiceFile>;

/** A service in one of its environments: `perEnv` merged in, and `{env}` filled in. */
export interface Expanded<Service> {
  readonly service: Service;
  /** `name`, or `{name}-{env}` where the service has several environments. */
  readonly id: string | undefined;
  readonly env: string | undefined;
  /** The service's in the file. */
  readonly path: FleetPath;
  /** Where a key of it stands: under `perEnv`, where it is replaced there. */
  readonly at: (key: keyof ServiceFile) => FleetPath;
}

/** Each service in each of its environments, in the file's order. An `envs` with faults is skipped over. */
export function expandEnvs<Service extends ServiceDraft>(
  services: readonly (Service | undefined)[] | undefined,
): readonly Expanded<Service>[] {
  return (services ?? []).flatMap((service, index) => {
    if (service === undefined) return [];
    const path = ['services', index];
    const { name, env, envs } = service;
    if (envs === undefined) return [expand(service, { path, id: name, env, override: undefined })];
    return [...new Set(envs)].flatMap((one) => {
      if (one === undefined) return [];
      const id = name === undefined ? undefined : `${name}-${one}`;
      return [expand(service, { path, id, env: one, override: overrideOf(service, one) })];
    });
  });
}

type Override = NonNullable<ServiceDraft['perEnv']>[string];

const overrideOf = ({ perEnv }: ServiceDraft, env: string): Override =>
  perEnv && Object.hasOwn(perEnv, env) ? perEnv[env] : undefined;

interface Place {
  readonly path: FleetPath;
  readonly id: string | undefined;
  readonly env: string | undefined;
  readonly override: Override;
}

function expand<Service extends ServiceDraft>(
  service: Service,
  { path, id, env, override = {} }: Place,
): Expanded<Service> {
  return {
    service: fill({ ...service, ...override }, env),
    id,
    env,
    path,
    at: (key) =>
      env !== undefined && Object.hasOwn(override, key)
        ? [...path, 'perEnv', env, key]
        : [...path, key],
  };
}

const templates = ['cluster', 'namespace', 'account', 'role', 'serviceAccount', 's3Check'] as const;
const templatesOfReach = ['role', 'kubernetesUser', 'externalId', 'clusters'] as const;

function fill<Service extends ServiceDraft>(service: Service, env: string | undefined): Service {
  if (env === undefined) return service;
  const reach = service.reach?.map((one) => one && fillKeys(one, templatesOfReach, env));
  return {
    ...fillKeys(service, templates, env),
    ...(reach === undefined ? {} : { reach }),
  };
}

function fillKeys<T extends object>(object: T, keys: readonly (keyof T)[], env: string): T {
  const filled = { ...object };
  for (const key of keys) {
    if (Object.hasOwn(object, key)) filled[key] = fillAll(object[key], env);
  }
  return filled;
}

/** In every text of a value; the keys of maps stay. */
function fillAll<T>(value: T, env: string): T {
  if (typeof value === 'string') return fillEnv(value, env) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => fillAll(item, env)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, fillAll(item, env)]),
  ) as T;
}
