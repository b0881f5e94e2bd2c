import type { FleetCode, FleetProblem } from './codes.ts';
import { type Faulty, type Finding, problemsOf } from './issues.ts';
import { type FleetFile, fleetFile } from './schema.ts';

/**
 * A fleet file with holes: what has the wrong type, or is not there, is `undefined`. Texts may break
 * their rules. So the checks of what the parts mean together can go on past faults of the shape.
 */
export type Draft<T> = T extends string | number | boolean | undefined
  ? T
  : T extends readonly (infer Element)[]
    ? readonly (Draft<Element> | undefined)[]
    : { readonly [Key in keyof T]?: Draft<T[Key]> | undefined };

export type FleetDraft = Draft<FleetFile>;
export type UserDraft = NonNullable<NonNullable<FleetDraft['users']>[number]>;
export type RestartDraft = NonNullable<NonNullable<FleetDraft['restarts']>[number]>;

export interface Shape {
  /** Present when there are no problems. */
  readonly file?: FleetFile;
  readonly draft: FleetDraft;
  readonly problems: readonly FleetProblem[];
}

/** Checks a file's value against the schema. */
export function checkShape(faulty: Faulty): Shape {
  const result = fleetFile.safeParse(faulty.value);
  if (result.success) return { file: result.data, draft: result.data, problems: [] };
  const findings = result.error.issues.flatMap((issue) => problemsOf(issue, faulty));
  return { draft: withHoles(faulty.value, findings), problems: withoutEchoes(findings) };
}

/** A key that is missing because it stands misspelt beside is one problem, not two. */
function withoutEchoes(findings: readonly Finding[]): readonly FleetProblem[] {
  const meant = new Set(findings.map((finding) => JSON.stringify(finding.meant)));
  return findings.filter(
    ({ code, path }) => code !== 'fleet/missing-key' || !meant.has(JSON.stringify(path)),
  );
}

const holes = new Set<FleetCode>([
  'fleet/missing-key',
  'fleet/wrong-type',
  'fleet/unknown-value',
  'fleet/unquoted-account-id',
]);

type Container = Record<string | number, unknown>;

/** A copy of the value with a hole in place of everything that a finding says has the wrong type. */
function withHoles(value: unknown, findings: readonly Finding[]): FleetDraft {
  const root = { file: structuredClone(value) };
  for (const { code, path, meant } of findings) {
    const full = ['file', ...path];
    const last = full.pop() ?? 'file';
    const parent = full.reduce<unknown>(inside, root);
    if (!isContainer(parent)) continue;
    if (holes.has(code)) parent[last] = undefined;
    else if (code === 'fleet/unknown-key') {
      Reflect.deleteProperty(parent, last);
      // What is misspelt is there, if it can't be read: nothing more is said of it.
      const key = meant?.at(-1);
      if (key !== undefined && !Object.hasOwn(parent, key)) parent[key] = undefined;
    }
  }
  return root.file ?? {}; // what is left has the schema's types
}

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null;

const inside = (value: unknown, step: string | number): unknown =>
  isContainer(value) && Object.hasOwn(value, step) ? value[step] : undefined;
