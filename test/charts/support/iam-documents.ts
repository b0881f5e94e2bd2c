import { z } from 'zod';
import type { OutputFile } from '../../../src/iam/render.ts';
import type { RolePlace } from './fleet-asks.ts';

const oneOrMore = z.union([z.string(), z.array(z.string()).min(2)]);
const statement = z.strictObject({
  Sid: z.string().regex(/^Rollcall[A-Za-z0-9]+$/),
  Effect: z.literal('Allow'),
  Principal: z
    .union([
      z.strictObject({ AWS: oneOrMore }),
      z.strictObject({ Federated: z.string() }),
      z.strictObject({ Service: z.string() }),
    ])
    .optional(),
  Action: oneOrMore,
  Resource: z.array(z.string()).min(1).optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});
const policy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(statement).min(1),
});

export type Statement = z.infer<typeof statement>;

/** A document of `_iam/`: whose it is, and what it says. */
export interface IamDocument extends RolePlace {
  readonly path: string;
  readonly kind: 'trust' | 'permissions';
  /** Whole, of a role of the fleet's own; else statements to add to someone else's. */
  readonly own: boolean;
  /** One of several managed policies. */
  readonly managed: boolean;
  /** As IAM counts it. */
  readonly size: number;
  readonly statements: readonly Statement[];
}

export type ReadDocument =
  | { readonly kind: 'document'; readonly document: IamDocument }
  | { readonly kind: 'violation'; readonly violation: string };

const names =
  /^_iam\/(\d{12})\/([\w+=,.@-]{1,64})\/(trust-policy|trust-statements-to-add|permissions|permission-statements-to-add)(-[1-9]\d?)?\.json$/;

/** The documents of IAM in an output, or what is none. */
export const readDocuments = (files: readonly OutputFile[]): readonly ReadDocument[] =>
  files
    .filter(({ path }) => path.startsWith('_iam/') && path !== '_iam/apply-order.json')
    .map(readDocument);

function readDocument({ path, text }: OutputFile): ReadDocument {
  const violation = (what: string) =>
    ({ kind: 'violation', violation: `${path}: ${what}` }) as const;
  const [, account, role, file = '', number] = names.exec(path) ?? [];
  if (account === undefined || role === undefined) return violation('no document of IAM');
  const json = JSON.parse(text) as unknown;
  const parsed = policy.safeParse(json);
  if (!parsed.success) return violation(z.prettifyError(parsed.error));
  return {
    kind: 'document',
    document: {
      ...{ path, account, role },
      kind: file.startsWith('trust') ? 'trust' : 'permissions',
      own: !file.endsWith('to-add'),
      managed: number !== undefined,
      size: JSON.stringify(json).length,
      statements: parsed.data.Statement,
    },
  };
}

export const listOf = (values: string | readonly string[] | undefined): readonly string[] =>
  values === undefined ? [] : typeof values === 'string' ? [values] : values;

/** Equal, whatever the order of keys. */
export const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
