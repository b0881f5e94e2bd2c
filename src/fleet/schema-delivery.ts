import { z } from 'zod';
import { choice, duration, switchedOn, text } from '../form/schema-parts.ts';
import { infrastructureNames } from './delivery-model.ts';

const git = z.strictObject({
  url: text('gitUrl', 'Where the output is committed to, by https:// or ssh://.'),
  branch: text('branch', 'Its branch.', { default: 'main' }).optional(),
  secret: text(
    'objectName',
    'The Secret with a read-only deploy key. Default: rollcall-deploy-key by ssh, none by https.',
  ).optional(),
});

const source = z.strictObject({
  kind: choice(['GitRepository', 'OCIRepository', 'Bucket'], 'The kind of Flux’s source.'),
  name: text(
    'objectName',
    'Its name. Default: flux-system, or rollcall-<fleet> where git is given.',
  ).optional(),
  namespace: text('dnsLabel', 'Its namespace, where Flux’s other objects go too.', {
    default: 'flux-system',
  }).optional(),
});

const flux = z.strictObject({
  source: source.meta({ description: 'Where Flux finds the output.' }).optional(),
  interval: duration('How often it is applied again.', '10m'),
  retryInterval: duration('How soon it is tried again after a failure.', '2m'),
  timeout: duration('How long one try may last, waiting included.', '5m'),
  prune: switchedOn('What has left the output is deleted.'),
  serviceAccountName: text(
    'objectName',
    'The account that applies. Default: one for each chart, with the rights that its objects need.',
  ).optional(),
  adminServiceAccountName: text(
    'objectName',
    'The account that gives those rights, and installs infrastructure. Default: the controllers’ own.',
  ).optional(),
  via: choice(['manifests', 'helm'], 'Whether manifests are applied, or charts installed.'),
  registry: text('registry', 'Where the charts are pushed to, by oci://.').optional(),
});

const argocd = z.strictObject({
  namespace: text('dnsLabel', 'The namespace of Argo CD.', { default: 'argocd' }).optional(),
});

const kustomize = z.strictObject({
  overlayLabels: z
    .array(text('labelKey', 'A label’s key.'))
    .min(1)
    .meta({ description: 'Clusters’ labels for which you keep components. Default: none.' })
    .optional(),
  components: text('folderBelow', 'Their folder, beside the output folder.', {
    default: 'components',
  }).optional(),
});

/** How the output reaches the clusters. */
export const delivery = z.strictObject({
  path: text('folderBelow', 'Where in the repository, bucket or artifact the output lies.', {
    default: './',
  }).optional(),
  git: git.meta({ description: 'The repository, where Rollcall shall name it.' }).optional(),
  flux: flux.meta({ description: 'Flux v2.' }).optional(),
  argocd: argocd.meta({ description: 'Argo CD.' }).optional(),
  kustomize: kustomize.meta({ description: 'kustomize.' }).optional(),
});

const [certManager, calico, kubePrometheusStack] = infrastructureNames;
const use = (what: string) =>
  z
    .enum(['install', 'existing'])
    .meta({ description: `${what} Default: not used.` })
    .optional();

/** What a cluster uses that Rollcall does not make. */
export const infrastructure = z.strictObject({
  [certManager]: use('cert-manager, which makes kiam’s certificates.'),
  [calico]: use('Calico, which enforces NetworkPolicies.'),
  [kubePrometheusStack]: use('The Prometheus operator, Prometheus and Grafana.'),
});

export type DeliveryFile = z.infer<typeof delivery>;
