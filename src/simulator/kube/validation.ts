import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isRecord } from './objects.ts';
import type { KubeObject } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import { badRequest, invalid } from './status-error.ts';

const strings = z.record(z.string(), z.string());
const meta = z.looseObject({ labels: strings.optional(), annotations: strings.optional() });

const mebibyte = 1024 * 1024;
const configKey = /^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]{1,253}$/;
const configData = strings
  .refine((data) => Object.keys(data).every((key) => configKey.test(key)), {
    error:
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' and be at most 253 long",
  })
  .refine(
    (data) =>
      Object.entries(data).reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0) <=
      mebibyte,
    { error: 'Too long: may not be more than 1048576 bytes' },
  );

const rule = z.looseObject({
  verbs: z.array(z.string()).min(1),
  apiGroups: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  resourceNames: z.array(z.string()).optional(),
  nonResourceURLs: z.array(z.string()).optional(),
});
const subject = z.looseObject({
  kind: z.enum(['User', 'Group', 'ServiceAccount']),
  name: z.string().min(1),
  namespace: z.string().optional(),
});
const role = z.looseObject({ metadata: meta, rules: z.array(rule).nullish() });
const binding = z.looseObject({
  metadata: meta,
  roleRef: z.looseObject({
    apiGroup: z.literal('rbac.authorization.k8s.io'),
    kind: z.enum(['Role', 'ClusterRole']),
    name: z.string().min(1),
  }),
  subjects: z.array(subject).nullish(),
});

export type PolicyRule = z.infer<typeof rule>;
export type Subject = z.infer<typeof subject>;
export type RoleObject = z.infer<typeof role>;
export type BindingObject = z.infer<typeof binding>;

/** The problem with what is not there. */
const requiredValue = 'Required value';

/** The shapes that something here relies on; every other kind is kept as it is. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  Deployment: z.looseObject({
    metadata: meta,
    spec: z.looseObject({
      replicas: z.int().min(0),
      paused: z.boolean().optional(),
      selector: z.looseObject({}, requiredValue),
      template: z.looseObject({
        metadata: meta.optional(),
        spec: z.looseObject({
          containers: z
            .array(z.looseObject({ name: z.string() }), requiredValue)
            .min(1, requiredValue),
        }),
      }),
    }),
  }),
  ConfigMap: z.looseObject({ metadata: meta, data: configData.optional() }),
  Role: role,
  ClusterRole: role,
  RoleBinding: binding,
  ClusterRoleBinding: binding,
};

/**
 * Refuses with 400 what the API server could not even decode: a number where text belongs. In what
 * a patch makes, the same is refused with 422 by `validate`.
 */
export function requireTypes(type: ResourceType, object: KubeObject): void {
  const wrong = schemas[type.kind]
    ?.safeParse(object)
    .error?.issues.find(({ code, path }) => code === 'invalid_type' && isThere(object, path));
  if (!wrong) return;
  throw badRequest(
    `${type.kind} in version ${JSON.stringify(apiVersionOf(type))} cannot be handled as a ${type.kind}: ${wrong.path.join('.')}: ${wrong.message}`,
  );
}

function isThere(object: KubeObject, path: readonly PropertyKey[]): boolean {
  let value: unknown = object;
  for (const part of path)
    value = typeof value === 'object' ? Reflect.get(value ?? {}, part) : undefined;
  return value !== undefined;
}

/** Refuses with 422 what the API server would not store. The first problem only. */
export function validate(type: ResourceType, object: KubeObject, previous?: KubeObject): void {
  const refuse = (field: string, problem: string): never => {
    throw invalid(type.kind, type.group, object.metadata.name, field, problem);
  };
  const issue = (schemas[type.kind] ?? z.looseObject({ metadata: meta })).safeParse(object).error
    ?.issues[0];
  if (issue) refuse(issue.path.join('.'), issue.message);
  if (!previous) return;
  const selector = ({ spec }: KubeObject): unknown => (isRecord(spec) ? spec.selector : undefined);
  if (type.kind === 'Deployment' && !isDeepStrictEqual(selector(object), selector(previous)))
    refuse('spec.selector', 'Invalid value: field is immutable');
  if (type.kind.endsWith('Binding') && !isDeepStrictEqual(object.roleRef, previous.roleRef))
    refuse('roleRef', 'Invalid value: cannot change roleRef');
}
