import { z } from 'zod';
import {
  daemonStrategy,
  disruptionBudget,
  event,
  job,
  lease,
  meta,
  replicas,
  rollout,
  statefulStrategy,
  strings,
  withTemplate,
} from './workload-schemas.ts';

export { meta } from './workload-schemas.ts';

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

/** The shapes that something here relies on; every other kind is kept as it is. */
export const schemas: Readonly<Record<string, z.ZodType>> = {
  Deployment: withTemplate({ replicas, paused: z.boolean().optional() }),
  StatefulSet: withTemplate({ replicas, updateStrategy: statefulStrategy }),
  DaemonSet: withTemplate({ updateStrategy: daemonStrategy }),
  Rollout: rollout,
  Job: job,
  Lease: lease,
  PodDisruptionBudget: disruptionBudget,
  Event: event,
  ConfigMap: z.looseObject({ metadata: meta, data: configData.optional() }),
  Role: role,
  ClusterRole: role,
  RoleBinding: binding,
  ClusterRoleBinding: binding,
};
