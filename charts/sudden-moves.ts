import { parseAllDocuments } from 'yaml';
import { mechanismsOf } from '../src/access/identities.ts';
import { ownRoleArn } from '../src/access/role-arns.ts';
import type { Fleet, PodService } from '../src/fleet/model.ts';
import type { OutputFile } from '../src/iam/render.ts';
import type { PodIdentityKind } from '../src/identities/pod-identity.ts';

/** A service whose running pods have a way to their role that the fleet file no longer knows. */
export interface SuddenMove {
  readonly service: string;
  readonly from: PodIdentityKind;
  readonly to: PodIdentityKind;
}

/** By which annotation a namespace's pods may have a role. */
const annotations = {
  kiam: 'iam.amazonaws.com/permitted',
  kube2iam: 'iam.amazonaws.com/allowed-roles',
} as const;

/** The services that an agent gave their role in an earlier output, and that leave it without `migratingFrom`. */
export function suddenMoves(before: readonly OutputFile[], fleet: Fleet): readonly SuddenMove[] {
  const namespaces = annotatedIn(before);
  return fleet.services.flatMap((service) => {
    if (service.kind === 'outside') return [];
    const { id, cluster, namespace, podIdentity } = service;
    const old = namespaces.get(`${cluster.name} ${namespace}`) ?? {};
    return (['kiam', 'kube2iam'] as const)
      .filter((from) => !mechanismsOf(service).includes(from))
      .filter((from) => names(old[annotations[from]] ?? '', ownRoleArn(fleet, service)))
      .filter(() => !isThere(before, service))
      .map((from) => ({ service: id, from, to: podIdentity.kind }));
  });
}

/** Roles trust its new way already: a move that was open closes. */
function isThere(before: readonly OutputFile[], service: PodService): boolean {
  const { podIdentity, namespace, serviceAccount, account, role } = service;
  const [folder, word] =
    podIdentity.kind === 'irsa'
      ? ['_iam/', `"system:serviceaccount:${namespace}:${serviceAccount}"`]
      : [`_iam/${account.id}/${role}/`, '"pods.eks.amazonaws.com"'];
  return before.some(({ path, text }) => path.startsWith(folder) && text.includes(word));
}

type Annotations = Readonly<Record<string, string>>;

interface KubeObject {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly annotations?: Annotations };
}

/** Annotations of namespaces, by cluster and name. */
const annotatedIn = (files: readonly OutputFile[]): ReadonlyMap<string, Annotations> =>
  new Map(
    files
      .filter(({ text }) => Object.values(annotations).some((key) => text.includes(key)))
      .flatMap(({ path, text }) => {
        const [folder = '', file = ''] = path.split('/');
        const cluster = folder === '_namespaces' ? file.replace(/\.yaml$/, '') : folder;
        return objectsOf(text)
          .filter(({ kind }) => kind === 'Namespace')
          .map(
            ({ metadata }) =>
              [`${cluster} ${metadata?.name ?? ''}`, metadata?.annotations ?? {}] as const,
          );
      }),
  );

/** Of a file that was changed by hand, and can't be read, nothing is said. */
function objectsOf(text: string): readonly KubeObject[] {
  try {
    return parseAllDocuments(text).map((document) => (document.toJS() ?? {}) as KubeObject);
  } catch {
    return [];
  }
}

/** A pattern that stands for just this role: the role itself, but for what escapes it. */
const names = (value: string, arn: string): boolean =>
  value
    .replaceAll('\\', '')
    .split(/[()|"^$?[\]]+/)
    .some((part) => part.replace(/^:(?=arn:)/, '') === arn);
