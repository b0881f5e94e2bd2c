import { parse, parseAllDocuments } from 'yaml';
import type { OutputFile } from '../src/iam/render.ts';

/** Something that is applied as one: a Kubernetes object, an aws-auth entry, an IAM document. */
export interface Change {
  readonly change: 'added' | 'changed' | 'removed';
  /** A cluster's name, or `iam`. */
  readonly where: string;
  /** `CronJob sts/after-key-creation`. */
  readonly what: string;
}

/** What applying `after` in place of `before` would change, sorted by place. */
export function compareOutputs(
  before: readonly OutputFile[],
  after: readonly OutputFile[],
): readonly Change[] {
  const old = unitsOf(before);
  const fresh = unitsOf(after);
  const changes: Change[] = [];
  for (const [key, unit] of fresh) {
    const known = old.get(key);
    if (!known) changes.push({ change: 'added', ...placeOf(unit) });
    else if (known.content !== unit.content) changes.push({ change: 'changed', ...placeOf(unit) });
  }
  for (const [key, unit] of old) {
    if (!fresh.has(key)) changes.push({ change: 'removed', ...placeOf(unit) });
  }
  return changes.sort((a, b) => (`${a.where} ${a.what}` < `${b.where} ${b.what}` ? -1 : 1));
}

interface Unit {
  readonly where: string;
  readonly what: string;
  readonly content: string;
}

const placeOf = ({ where, what }: Unit): { where: string; what: string } => ({ where, what });

interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface Fragment {
  readonly cluster: string;
  readonly mapRoles: readonly { readonly rolearn: string }[];
}

function unitsOf(files: readonly OutputFile[]): ReadonlyMap<string, Unit> {
  const units = files.flatMap(unitsOrWhole);
  return new Map(units.map((unit) => [`${unit.where} ${unit.what}`, unit]));
}

/** A file that was changed by hand may hold anything: what can't be read counts as one whole. */
function unitsOrWhole(file: OutputFile): readonly Unit[] {
  try {
    return unitsOfFile(file);
  } catch {
    const [where = ''] = file.path.split('/');
    return [{ where, what: `unreadable file ${file.path}`, content: file.text }];
  }
}

/** @throws Error of any kind for a text that is not as synth writes it */
function unitsOfFile({ path, text }: OutputFile): readonly Unit[] {
  const [folder = '', ...rest] = path.split('/');
  switch (folder) {
    case '_iam':
      return rest.length < 3 ? [] : [{ where: 'iam', what: rest.join('/'), content: text }];
    case '_aws-auth': {
      const { cluster, mapRoles } = parse(text) as Fragment;
      return mapRoles.map((entry) => ({
        where: cluster,
        what: `aws-auth ${entry.rolearn}`,
        content: JSON.stringify(entry),
      }));
    }
    default:
      return parseAllDocuments(text)
        .map((document) => document.toJS() as KubeObject)
        .map((object) => ({
          where: folder,
          what: `${object.kind} ${object.metadata.namespace ? `${object.metadata.namespace}/` : ''}${object.metadata.name}`,
          content: JSON.stringify(object),
        }));
  }
}
