import type { ExportedPolicy } from './exports.ts';
import type { LeftOut } from './facts.ts';
import { isAllow } from './statements.ts';

/** A statement that takes something away, or may: of one that can’t be read nobody knows. */
export interface Denial {
  /** For people: the file’s name. */
  readonly source: string;
  /** Counted from 1. */
  readonly statement: number;
}

/** The first in a document. */
export function denialIn(source: string, { statements }: ExportedPolicy): Denial | undefined {
  const index = statements.findIndex((raw) => !isAllow(raw));
  return index === -1 ? undefined : { source, statement: index + 1 };
}

/**
 * Why nothing of a document is taken: a Deny holds for all that its role is allowed, in whichever
 * document (IAM user guide, "Policy evaluation logic").
 */
export const heldBack = (source: string, denial: Denial): LeftOut =>
  denial.source === source
    ? {
        what: source,
        why: `statement ${denial.statement} is no Allow, and ${loss}: none of its statements is taken`,
        next: 'Keep it in a policy of its own, beside Rollcall’s; or write by hand what needs no Deny.',
      }
    : {
        what: source,
        why: `${denial.source}, of the same role, is not all Allow (statement ${denial.statement}), and ${loss}: none of its statements is taken`,
        next: 'Keep the role’s policies as they are, beside Rollcall’s; or write by hand what needs no Deny.',
      };

const loss = 'without it what it denies would be allowed';
