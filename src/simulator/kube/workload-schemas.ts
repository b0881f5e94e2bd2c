import { z } from 'zod';

export const strings = z.record(z.string(), z.string());
export const meta = z.looseObject({
  labels: strings.optional(),
  annotations: strings.optional(),
});

/** The problem with what is not there. */
const requiredValue = 'Required value';

export const replicas = z
  .int()
  .min(0, { error: 'Invalid value: must be greater than or equal to 0' });

/** What has a pod template and a selector for its pods. */
export const withTemplate = (spec: z.ZodRawShape): z.ZodType =>
  z.looseObject({
    metadata: meta,
    spec: z.looseObject({
      selector: z.looseObject({}, requiredValue),
      template: z.looseObject({
        metadata: meta.optional(),
        spec: z.looseObject({
          containers: z
            .array(z.looseObject({ name: z.string() }), requiredValue)
            .min(1, requiredValue),
        }),
      }),
      ...spec,
    }),
  });

const strategyOf = (rollingUpdate: z.ZodType): z.ZodType =>
  z.looseObject({
    type: z.enum(['RollingUpdate', 'OnDelete'], {
      error: 'Unsupported value: supported values: "OnDelete", "RollingUpdate"',
    }),
    rollingUpdate: rollingUpdate.optional(),
  });
export const statefulStrategy = strategyOf(z.looseObject({ partition: replicas.optional() }));
export const daemonStrategy = strategyOf(z.looseObject({}));

const time = z.iso.datetime({ offset: true });

/** As its CustomResourceDefinition's schema has it, as far as the played controller reads it. */
export const rollout = z.looseObject({
  metadata: meta,
  spec: z.looseObject({
    replicas: replicas.optional(),
    paused: z.boolean().optional(),
    restartAt: time.optional(),
    workloadRef: z
      .looseObject({
        apiVersion: z.string().optional(),
        kind: z.string().optional(),
        name: z.string().optional(),
      })
      .optional(),
  }),
});

export const job = z.looseObject({
  metadata: meta,
  spec: z.looseObject({
    activeDeadlineSeconds: z.int().min(1).optional(),
    ttlSecondsAfterFinished: z.int().min(0).optional(),
    template: z.looseObject({
      spec: z.looseObject({
        restartPolicy: z.enum(['Never', 'OnFailure'], {
          error: 'Required value: valid values: "OnFailure", "Never"',
        }),
        containers: z.array(z.looseObject({ name: z.string() }), requiredValue).min(1),
      }),
    }),
  }),
});

/** `metav1.MicroTime` reads exactly six digits after the second (apimachinery micro_time.go). */
const microTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/);

/** pkg/apis/coordination/validation/validation.go, ValidateLeaseSpec */
export const lease = z.looseObject({
  metadata: meta,
  spec: z
    .looseObject({
      holderIdentity: z.string().optional(),
      leaseDurationSeconds: z
        .int()
        .min(1, { error: 'Invalid value: must be greater than 0' })
        .optional(),
      leaseTransitions: z
        .int()
        .min(0, { error: 'Invalid value: must be greater than or equal to 0' })
        .optional(),
      acquireTime: microTime.optional(),
      renewTime: microTime.optional(),
    })
    .optional(),
});

const amount = z.union([z.int().min(0), z.string().regex(/^\d{1,3}%$/)]);

/** pkg/apis/policy/validation/validation.go, ValidatePodDisruptionBudgetSpec */
export const disruptionBudget = z.looseObject({
  metadata: meta,
  spec: z
    .looseObject({
      selector: z.looseObject({}).optional(),
      minAvailable: amount.optional(),
      maxUnavailable: amount.optional(),
    })
    .refine(
      ({ minAvailable, maxUnavailable }) =>
        minAvailable === undefined || maxUnavailable === undefined,
      { error: 'Invalid value: minAvailable and maxUnavailable cannot be both set' },
    ),
});

/** pkg/apis/core/validation/events.go, legacyValidateEvent */
export const event = z
  .looseObject({
    metadata: z.looseObject({ namespace: z.string().optional() }),
    involvedObject: z.looseObject({ namespace: z.string().optional() }, requiredValue),
  })
  .refine(
    ({ metadata, involvedObject }) =>
      (involvedObject.namespace ?? 'default') === metadata.namespace,
    {
      path: ['involvedObject', 'namespace'],
      error: 'Invalid value: does not match event.namespace',
    },
  );
