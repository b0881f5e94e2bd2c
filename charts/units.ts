import type { OutputFile } from '../src/iam/render.ts';
import { annotatedObjects } from './annotated-objects.ts';
import type { AppliedStep } from './applied-steps.ts';
import type { ChartedCluster, Manifest } from './cluster-charts.ts';
import { digestOf } from './digest.ts';
import { fragmentEntries } from './fragment-entries.ts';

/** Something that is applied as one: a Kubernetes object, an aws-auth entry, an IAM document. */
export interface Unit {
  /** A cluster's name, or `iam`. */
  readonly where: string;
  /** `CronJob sts/after-key-creation`. */
  readonly what: string;
  /** Tells two states of it apart. */
  readonly digest: string;
}

interface Part {
  readonly where: string;
  readonly what: string;
  readonly content: string;
}

/** All that is applied, whatever form it is written in: made from objects, and never read off texts. */
export function unitsOf(
  clusters: readonly ChartedCluster[],
  iam: readonly OutputFile[],
  steps: readonly AppliedStep[],
): readonly Unit[] {
  // A role's path, tags and the like stand in its step, and its document in a file.
  const stepContent = new Map(steps.map(({ file, content }) => [file, content]));
  const parts = [
    ...clusters.flatMap(partsOfCluster),
    ...iam.flatMap((file) =>
      documentParts(file).map((part) => ({
        ...part,
        content: `${part.content}${stepContent.get(file.path) ?? ''}`,
      })),
    ),
    ...steps
      .filter(({ file }) => file === undefined)
      .map(({ what, content }) => ({ where: 'iam', what, content })),
  ];
  return parts.map(({ where, what, content }) => unit(where, what, content)).sort(byName);
}

export const byName = (a: Unit, b: Unit): number =>
  `${a.where} ${a.what}` < `${b.where} ${b.what}` ? -1 : 1;

export const unit = (where: string, what: string, content: string): Unit => ({
  where,
  what,
  digest: shortDigest(content),
});

/** Enough to tell the states of one thing apart, and short in a list of thousands. */
const shortDigest = (content: string): string => digestOf(content).slice(0, 16);

const partsOfCluster = ({ access, charts }: ChartedCluster): readonly Part[] => {
  const { mapRoles, mapUsers = [] } = fragmentEntries(access.mappings);
  const part = (what: string, content: object): Part => ({
    where: access.cluster.name,
    what,
    content: JSON.stringify(content),
  });
  return [
    ...charts.flatMap(({ objects }) => objects).map((one) => part(nameOf(one), one)),
    ...mapRoles.map((entry) => part(`aws-auth ${entry.rolearn}`, entry)),
    ...mapUsers.map((entry) => part(`aws-auth ${entry.userarn}`, entry)),
    // Each is added, and taken off, by itself.
    ...annotatedObjects(access).flatMap((one) =>
      Object.entries(one.metadata.annotations).map(([key, value]) =>
        part(`annotation ${key} of ${nameOf(one)}`, { value }),
      ),
    ),
  ];
};

const nameOf = ({ kind, metadata: { namespace, name } }: Manifest): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/**
 * `_iam/ACCOUNT/ROLE/DOCUMENT.json`; every other form says the same. Of someone else's role each
 * statement is one thing: it can be taken out alone.
 */
function documentParts({ path, text }: OutputFile): readonly Part[] {
  const [folder = '', ...rest] = path.split('/');
  if (folder !== '_iam' || rest.length < 3) return [];
  const what = rest.join('/');
  if (!what.endsWith('-to-add.json')) return [{ where: 'iam', what, content: text }];
  const { Statement } = JSON.parse(text) as { Statement: readonly { readonly Sid: string }[] };
  return Statement.map((statement) => ({
    where: 'iam',
    what: `${what}: ${statement.Sid}`,
    content: JSON.stringify(statement),
  }));
}
