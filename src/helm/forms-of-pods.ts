import type { Form } from './forms.ts';

const objectName = {
  type: 'string',
  maxLength: 253,
  pattern: '^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$',
};

export const pullSecrets: Form = {
  schema: {
    type: 'array',
    items: {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: { name: objectName },
    },
  },
  example: [{ name: 'registry' }],
  refused: [
    ...[{ name: 'registry' }, ['registry'], [{}], [{ name: 'Upper' }]],
    ...[[{ name: 'a'.repeat(254) }], [{ name: 1 }], [{ name: 'a', key: 'b' }]],
  ],
};

/**
 * What the job's pods may be told by their environment. Not: who they are in AWS and where it answers,
 * which run they belong to, where the API server is, whom they trust, or what else Node or the dynamic
 * linker loads. Only as plain text: a job reads no Secret.
 */
const reservedVariables =
  '^(?:(?:AWS|ROLLCALL|KUBERNETES|NODE|LD|OPENSSL|SSL)_.*|HOME|GCONV_PATH|GLIBC_TUNABLES)$';

export const environment: Form = {
  schema: {
    type: 'array',
    items: {
      type: 'object',
      required: ['name', 'value'],
      additionalProperties: false,
      properties: {
        name: {
          type: 'string',
          pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
          not: { type: 'string', pattern: reservedVariables },
        },
        value: { type: 'string' },
      },
    },
  },
  example: [{ name: 'HTTPS_PROXY', value: 'http://proxy.example.com:443' }],
  refused: [
    ...['AWS_ROLE_ARN', 'ROLLCALL_JOB_NAME', 'KUBERNETES_SERVICE_HOST', 'NODE_OPTIONS'],
    ...['NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'LD_PRELOAD', 'SSL_CERT_FILE'],
    ...['OPENSSL_CONF', 'HOME', 'GCONV_PATH', 'GLIBC_TUNABLES', 'A-B', '1A'],
  ]
    .map((name): Form['example'] => [{ name, value: 'x' }])
    .concat([
      [{ name: 'A' }],
      [{ value: 'x' }],
      [{ name: 'A', value: 1 }],
      [{ name: 1, value: 'x' }],
      [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }],
      ['A=x'],
      { A: 'x' },
    ]),
};

/** No device, and nothing else that a scheduler or a plugin of the cluster's knows by its domain. */
const quantities = {
  type: 'object',
  patternProperties: {
    '^(?:cpu|memory|ephemeral-storage|hugepages-[1-9][0-9]*[KMG]i)$': {
      anyOf: [
        { type: 'number', minimum: 0 },
        { type: 'string', pattern: '^[0-9]+(?:\\.[0-9]+)?(?:m|[kMGTPE]|[KMGTPE]i)?$' },
      ],
    },
  },
  additionalProperties: false,
};

/** Requests and limits. No claims: they lead to devices. */
export const resources: Form = {
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: { requests: quantities, limits: quantities },
  },
  example: { requests: { cpu: '250m', memory: '300Mi' }, limits: { cpu: 1, memory: '1Gi' } },
  refused: [
    ...[{ claims: [] }, { limits: ['1Gi'] }, { limits: { memory: '1 Gi' } }],
    ...[{ limits: { memory: -1 } }, { requests: { cpu: true } }, ['cpu']],
    ...[{ requests: ['1'] }, { requests: { cpu: '-1' } }, { requests: { cpu: -1 } }],
    ...['a b', 'nvidia.com/gpu', 'pods', 'hugepages-2', 'hugepages-2Mi/x'].flatMap((key) => [
      { requests: { [key]: '1' } },
      { limits: { [key]: '1' } },
    ]),
  ],
};

export const tolerations: Form = {
  schema: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      properties: {
        key: { type: 'string' },
        operator: { enum: ['Equal', 'Exists'] },
        value: { type: 'string' },
        effect: { enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
        tolerationSeconds: { type: 'integer' },
      },
    },
  },
  example: [{ key: 'batch', operator: 'Exists', effect: 'NoSchedule' }],
  refused: [
    ...[{ key: 'batch' }, ['batch'], [{ key: 1 }], [{ operator: 'In' }], [{ value: 1 }]],
    ...[[{ effect: 'None' }], [{ tolerationSeconds: '5' }], [{ name: 'batch' }]],
  ],
};

export const affinity: Form = {
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      nodeAffinity: { type: 'object' },
      podAffinity: { type: 'object' },
      podAntiAffinity: { type: 'object' },
    },
  },
  example: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] }] },
        ],
      },
    },
  },
  refused: [
    ...[{ nodeSelector: {} }, { nodeAffinity: [] }, { podAffinity: [] }, { podAntiAffinity: [] }],
    'arm64',
  ],
};
