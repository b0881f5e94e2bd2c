import { z } from 'zod';
import type { CronJob } from './pod.ts';

const podTemplate = z.object({
  metadata: z
    .object({ annotations: z.record(z.string(), z.string()).default({}) })
    .default({ annotations: {} }),
  spec: z.object({
    containers: z.array(
      z.object({
        env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
        volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
      }),
    ),
    volumes: z
      .array(
        z.object({
          name: z.string(),
          projected: z
            .object({
              sources: z.array(
                z.object({
                  serviceAccountToken: z.object({
                    audience: z.string(),
                    expirationSeconds: z.number(),
                    path: z.string(),
                  }),
                }),
              ),
            })
            .optional(),
        }),
      )
      .default([]),
  }),
});

/** What a pod template itself says of the pod's identity. */
export interface WrittenIdentity {
  /** That agents read. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The container's variables that have a value. */
  readonly environment: Readonly<Record<string, string>>;
  /** A projected token, where no webhook adds it. */
  readonly token?: {
    readonly path: string;
    readonly audience: string;
    readonly lifetimeSeconds: number;
  };
}

/** Reads the pod template of a generated CronJob as the kubelet and the agents do. */
export function writtenIdentity(cronJob: CronJob): WrittenIdentity {
  const { metadata, spec } = podTemplate.parse(cronJob.spec.jobTemplate.spec.template);
  const [container] = spec.containers;
  const variables = (container?.env ?? []).flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const [token] = spec.volumes.flatMap(({ name, projected }) => {
    const [source] = projected?.sources ?? [];
    const mount = container?.volumeMounts.find((one) => one.name === name);
    if (!source || !mount) return [];
    const { audience, expirationSeconds, path } = source.serviceAccountToken;
    return [{ path: `${mount.mountPath}/${path}`, audience, lifetimeSeconds: expirationSeconds }];
  });
  return {
    annotations: metadata.annotations,
    environment: Object.fromEntries(variables),
    ...(token ? { token } : {}),
  };
}
