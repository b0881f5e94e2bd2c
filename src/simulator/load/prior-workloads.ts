import { z } from 'zod';
import { isDnsSubdomain } from '../../names/kubernetes.ts';
import { failureModes } from '../kube/pods/rollout-behaviour.ts';

const name = z.string().refine(isDnsSubdomain, 'a Kubernetes name: lower-case letters, digits, -');
const strings = z.record(z.string(), z.string());

/** What all workloads of a prior state have. */
const workload = z.strictObject({
  namespace: name,
  name,
  /** Seconds from a change to the end of its rollout. */
  rolloutSeconds: z.number().min(0).default(1),
  labels: strings.optional(),
  annotations: strings.optional(),
  /** In which way its new pods fail; `true`: they run and are never ready. */
  failing: z.union([z.boolean(), z.enum(failureModes)]).optional(),
});
const replicas = z.int().min(0).default(1);
const updateStrategy = z.enum(['RollingUpdate', 'OnDelete']).optional();

export const priorDeployment = workload.extend({
  replicas,
  paused: z.boolean().optional(),
  strategy: z.enum(['RollingUpdate', 'Recreate']).optional(),
});
export const priorStatefulSet = workload.extend({
  replicas,
  updateStrategy,
  partition: z.int().min(0).optional(),
});
export const priorDaemonSet = workload.extend({ updateStrategy });
export const priorRollout = workload.extend({
  replicas,
  paused: z.boolean().optional(),
  /** The name of a Deployment in its namespace. */
  workloadRef: name.optional(),
});
