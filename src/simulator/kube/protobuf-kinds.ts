import type { Message } from './protobuf.ts';
import { decode, message } from './protobuf.ts';

/**
 * The types that kubectl's `create` commands and `auth` send as protobuf, with the fields that they
 * use (k8s.io/api, `generated.proto` of each group). `status` is never the sender's to say.
 */
const objectMeta = message({
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  11: ['labels', 'map'],
  12: ['annotations', 'map'],
  14: ['finalizers', 'strings'],
});

const status = { 3: ['status', 'ignored'] } as const;

const object = (fields: Parameters<typeof message>[0]): Message =>
  message({ 1: ['metadata', 'one', objectMeta], ...status, ...fields });

const containerPort = message({
  1: ['name', 'string'],
  3: ['containerPort', 'number'],
  4: ['protocol', 'string'],
});
const container = message({
  1: ['name', 'string'],
  2: ['image', 'string'],
  3: ['command', 'strings'],
  4: ['args', 'strings'],
  6: ['ports', 'many', containerPort],
  7: ['env', 'many', message({ 1: ['name', 'string'], 2: ['value', 'string'] })],
  14: ['imagePullPolicy', 'string'],
});
const podTemplate = object({
  2: [
    'spec',
    'one',
    message({
      2: ['containers', 'many', container],
      3: ['restartPolicy', 'string'],
      8: ['serviceAccountName', 'string'],
    }),
  ],
});
const selector = message({ 1: ['matchLabels', 'map'] });

const policyRule = message({
  1: ['verbs', 'strings'],
  2: ['apiGroups', 'strings'],
  3: ['resources', 'strings'],
  4: ['resourceNames', 'strings'],
  5: ['nonResourceURLs', 'strings'],
});
const subject = message({
  1: ['kind', 'string'],
  2: ['apiGroup', 'string'],
  3: ['name', 'string'],
  4: ['namespace', 'string'],
});
const roleRef = message({
  1: ['apiGroup', 'string'],
  2: ['kind', 'string'],
  3: ['name', 'string'],
});
const role = object({ 2: ['rules', 'many', policyRule] });
const binding = object({ 2: ['subjects', 'many', subject], 3: ['roleRef', 'one', roleRef] });

const resourceAttributes = message({
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  4: ['version', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
});
const accessReviewSpec = message({
  1: ['resourceAttributes', 'one', resourceAttributes],
  2: ['nonResourceAttributes', 'one', message({ 1: ['path', 'string'], 2: ['verb', 'string'] })],
});

const deploymentSpec = message({
  1: ['replicas', 'number'],
  2: ['selector', 'one', selector],
  3: ['template', 'one', podTemplate],
  4: ['strategy', 'one', message({ 1: ['type', 'string'] })],
});
const cronJobSpec = message({
  1: ['schedule', 'string'],
  3: ['concurrencyPolicy', 'string'],
  5: [
    'jobTemplate',
    'one',
    object({ 2: ['spec', 'one', message({ 6: ['template', 'one', podTemplate] })] }),
  ],
});
const kinds: ReadonlyMap<string, Message> = new Map([
  ['ConfigMap', object({ 2: ['data', 'map'], 4: ['immutable', 'boolean'] })],
  ['Namespace', object({})],
  ['ServiceAccount', object({ 4: ['automountServiceAccountToken', 'boolean'] })],
  ['Role', role],
  ['ClusterRole', role],
  ['RoleBinding', binding],
  ['ClusterRoleBinding', binding],
  ['Deployment', object({ 2: ['spec', 'one', deploymentSpec] })],
  ['CronJob', object({ 2: ['spec', 'one', cronJobSpec] })],
  ['SelfSubjectAccessReview', object({ 2: ['spec', 'one', accessReviewSpec] })],
  [
    'SelfSubjectRulesReview',
    object({ 2: ['spec', 'one', message({ 1: ['namespace', 'string'] })] }),
  ],
  ['SelfSubjectReview', message({ 1: ['metadata', 'one', objectMeta], 2: ['status', 'ignored'] })],
]);

const magic = Buffer.from('k8s\0');
const envelope = message({
  1: ['typeMeta', 'one', message({ 1: ['apiVersion', 'string'], 2: ['kind', 'string'] })],
  2: ['raw', 'bytes'],
});

/**
 * An object in Kubernetes' envelope (apimachinery pkg/runtime/serializer/protobuf). Throws an
 * `Error` for a kind or a field that is not known here.
 */
export function fromProtobuf(bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new Error('it does not begin with k8s');
  const { typeMeta, raw } = decode(bytes.subarray(magic.length), envelope);
  const { apiVersion, kind } = typeMeta as { apiVersion?: string; kind?: string };
  const shape = kinds.get(kind ?? '');
  if (!shape || !Buffer.isBuffer(raw))
    throw new Error(
      `the kind ${kind ?? ''} is not known in this format to the simulated API server`,
    );
  return { apiVersion, kind, ...decode(raw, shape) };
}
