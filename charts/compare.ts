import { parse, parseAllDocuments } from 'yaml';
import type { OutputFile } from '../src/iam/render.ts';
import { stepsOf, type AppliedStep } from './applied-steps.ts';

/** Something that is applied as one: a Kubernetes object, an annotation, an aws-auth entry, an IAM document. */
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
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

interface Fragment {
  readonly cluster: string;
  readonly mapRoles?: readonly { readonly rolearn: string }[];
  readonly mapUsers?: readonly { readonly userarn: string }[];
}

function unitsOf(files: readonly OutputFile[]): ReadonlyMap<string, Unit> {
  const steps = stepsOf(files);
  const units = [
    ...files.flatMap(unitsOrWhole).map((unit) => withStep(unit, steps)),
    ...steps.filter(({ file }) => file === undefined).map(unitOfStep),
  ];
  return new Map(units.map((unit) => [`${unit.where} ${unit.what}`, unit]));
}

/** A role's path, tags and the like stand in its step, and its document in a file. */
function withStep(unit: Unit, steps: readonly AppliedStep[]): Unit {
  const [path = ''] = unit.what.split(': ');
  const step = steps.find(({ file }) => unit.where === 'iam' && file === `_iam/${path}`);
  return step ? { ...unit, content: `${unit.content}${step.content}` } : unit;
}

const unitOfStep = ({ what, content }: AppliedStep): Unit => ({ where: 'iam', what, content });

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
      return rest.length < 3 ? [] : documentUnits(rest.join('/'), text);
    case '_aws-auth': {
      const { cluster, mapRoles = [], mapUsers = [] } = parse(text) as Fragment;
      return [
        ...mapRoles.map((entry) => ({ arn: entry.rolearn, entry })),
        ...mapUsers.map((entry) => ({ arn: entry.userarn, entry })),
      ].map(({ arn, entry }) => ({
        where: cluster,
        what: `aws-auth ${arn}`,
        content: JSON.stringify(entry),
      }));
    }
    case '_namespaces':
    case '_serviceaccounts':
      // Each is added, and taken off, by itself.
      return objectsOf(text).flatMap((object) =>
        Object.entries(object.metadata.annotations ?? {}).map(([key, value]) => ({
          where: rest.join('/').replace(/\.yaml$/, ''),
          what: `annotation ${key} of ${nameOf(object)}`,
          content: JSON.stringify(value),
        })),
      );
    case '_checks':
    case '_terraform':
    case '_cloudformation':
    case '_aws-cli':
    case '_eksctl':
      // Nothing that is applied as it stands; or what the documents say already, in another form.
      return [];
    default:
      return objectsOf(text).map((object) => ({
        where: folder,
        what: nameOf(object),
        content: JSON.stringify(object),
      }));
  }
}

/** Of someone else's role each statement is one thing: it can be taken out alone. */
function documentUnits(what: string, text: string): readonly Unit[] {
  if (!what.endsWith('-to-add.json')) return [{ where: 'iam', what, content: text }];
  const { Statement } = JSON.parse(text) as { Statement: readonly { readonly Sid: string }[] };
  return Statement.map((statement) => ({
    where: 'iam',
    what: `${what}: ${statement.Sid}`,
    content: JSON.stringify(statement),
  }));
}

/** `ServiceAccount sts/key-restarter`. */
const nameOf = ({ kind, metadata: { namespace, name } }: KubeObject): string =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

const objectsOf = (text: string): readonly KubeObject[] =>
  parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
