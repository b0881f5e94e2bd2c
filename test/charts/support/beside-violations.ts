import { spawnSync } from 'node:child_process';
import { parse, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Fleet, PodService } from '../../../src/fleet/model.ts';
import type { OutputFile } from '../../../src/iam/render.ts';
import { isDnsLabel, isDnsSubdomain } from '../../../src/names/kubernetes.ts';
import { objectViolations } from './object-violations.ts';
import { objectsOf, podOf, type KubeObject } from './objects.ts';
import { podViolations } from './pod-violations.ts';

/** Each kind of file that an output may hold, and what is wrong with one. */
const kinds: readonly (readonly [RegExp, (file: OutputFile, fleet: Fleet) => readonly string[]])[] =
  [
    [/^[^_/][^/]*\/(hub|target|kiam|kube2iam)\.k8s\.yaml$/, none],
    [/^_aws-auth\/[^/]+\.yaml$/, none],
    [/^_iam\/(apply-order|\d{12}\/[^/]+\/[^/]+)\.json$/, none],
    [/^_checks\/[^/]+\.yaml$/, checkViolations],
    [/^_namespaces\/[^/]+\.yaml$/, namespaceViolations],
    [/^_serviceaccounts\/[^/]+\.yaml$/, serviceAccountViolations],
    [/^_terraform\/(\d{12}\/)?main\.tf\.json$/, jsonViolations],
    [/^_cloudformation\/\d{12}-(iam|[a-z0-9-]+-eks)\.json$/, jsonViolations],
    [/^_eksctl\/[^/]+\.yaml$/, eksctlViolations],
    [/^_aws-cli\/\d{12}\.sh$/, shellViolations],
  ];

/** Files that nobody expects, that don't parse, or that say where they were made; and all of `_…/`. */
export const besideViolations = (files: readonly OutputFile[], fleet: Fleet): readonly string[] =>
  files.flatMap((file) => {
    const { path, text } = file;
    const [, violationsOf] = kinds.find(([form]) => form.test(path)) ?? [];
    return [
      ...(violationsOf ? violationsOf(file, fleet) : ['a file of no kind']),
      ...(/\/(?:work|tmp|root|home\/(?!aws\b)\w+|Users)\//.test(text)
        ? ['a path of a machine']
        : []),
      ...(unfilled.test(text) ? [`a placeholder: ${unfilled.exec(text)?.[0]}`] : []),
    ].map((violation) => `${path}: ${violation}`);
  });

/** Of the fleet file; not IAM's, Terraform's and the shell's own, before which a dollar stands. */
const unfilled = /(?<!\$)\{(?:account|partition|region|cluster|service|env)\}/;

function none(): readonly string[] {
  return [];
}

function jsonViolations({ text }: OutputFile): readonly string[] {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? [] : ['no object'];
  } catch (error) {
    return [String(error)];
  }
}

function eksctlViolations({ text }: OutputFile): readonly string[] {
  // eksctl is of Go: sigs.k8s.io/yaml.
  const { errors } = parseDocument(text, { version: '1.1' });
  const readAlike =
    errors.length === 0 &&
    JSON.stringify(parse(text, { version: '1.1' })) === JSON.stringify(parse(text));
  return readAlike ? [] : ['YAML 1.1 and 1.2 read it differently'];
}

function shellViolations({ text }: OutputFile): readonly string[] {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  return [
    ...(status === 0 ? [] : [`bash: ${stderr}`]),
    ...(text.startsWith('#!/usr/bin/env bash\n') ? [] : ['not for bash']),
  ];
}

const servicesOf = ({ services }: Fleet, path: string): readonly PodService[] =>
  services
    .filter((service) => service.kind === 'pod')
    .filter(({ cluster }) => path.split('/')[1] === `${cluster.name}.yaml`);

/** A pod that lists the one bucket that the fleet file names, as the service itself. */
function checkViolations({ path, text }: OutputFile, fleet: Fleet): readonly string[] {
  return objectsOf(text).flatMap((object) => {
    const { apiVersion, kind, metadata } = object;
    const pod = podOf(object);
    if (kind !== 'Pod' || apiVersion !== 'v1' || !pod) return [`a ${kind}`];
    const isAsked = servicesOf(fleet, path).some(
      ({ id, namespace, serviceAccount, s3Check }) =>
        s3Check !== undefined &&
        metadata.name === `${id}-s3-check` &&
        metadata.namespace === namespace &&
        pod.serviceAccountName === serviceAccount &&
        pod.containers.length === 1 &&
        pod.containers[0]?.args?.join(' ') === `s3 ls s3://${s3Check}`,
    );
    return [
      ...objectViolations(object, 'checks'),
      ...podViolations(pod, { chart: 'checks', kind, name: metadata.name }),
      ...(isAsked ? [] : [`${metadata.name} is not asked for`]),
    ];
  });
}

const annotations = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Namespace'),
  metadata: z.strictObject({
    name: z.string().refine(isDnsLabel),
    annotations: z.partialRecord(
      z.enum(['iam.amazonaws.com/permitted', 'iam.amazonaws.com/allowed-roles']),
      z.string(),
    ),
  }),
});

/** Annotations alone, of the agents, for namespaces that the fleet file says are someone else's. */
function namespaceViolations({ path, text }: OutputFile, fleet: Fleet): readonly string[] {
  return objectsOf(text).flatMap((object: KubeObject) => {
    const parsed = annotations.safeParse(object);
    if (!parsed.success) return [z.prettifyError(parsed.error)];
    const { name } = parsed.data.metadata;
    return servicesOf(fleet, path).some(
      ({ namespace, existingNamespace }) => existingNamespace && namespace === name,
    )
      ? []
      : [`${name} is not someone else’s`];
  });
}

const irsaAnnotations = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ServiceAccount'),
  metadata: z.strictObject({
    name: z.string().refine(isDnsSubdomain),
    namespace: z.string().refine(isDnsLabel),
    annotations: z.record(z.string().startsWith('eks.amazonaws.com/'), z.string()),
  }),
});

/** Annotations alone, of the webhook, for ServiceAccounts that the fleet file says are someone else's. */
function serviceAccountViolations({ path, text }: OutputFile, fleet: Fleet): readonly string[] {
  return objectsOf(text).flatMap((object: KubeObject) => {
    const parsed = irsaAnnotations.safeParse(object);
    if (!parsed.success) return [z.prettifyError(parsed.error)];
    const { name, namespace } = parsed.data.metadata;
    return servicesOf(fleet, path).some(
      (service) =>
        service.existingServiceAccount &&
        service.namespace === namespace &&
        service.serviceAccount === name,
    )
      ? []
      : [`${namespace}/${name} is not someone else’s`];
  });
}
