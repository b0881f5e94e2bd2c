import { constraintError, validationError } from './aws-error.ts';
import type { Role } from './iam.ts';

/** What both AssumeRole calls bound alike. */
export interface Bounded {
  readonly roleSessionName: string;
  /** Default: 3600. */
  readonly durationSeconds?: number;
}

const nameForm = '[\\w+=,.@-]*';

/** The bounds of the STS API reference on both AssumeRole calls; gives the duration back. */
export function requireBounds({ roleSessionName: name, durationSeconds = 3600 }: Bounded): number {
  requireName(name, 'roleSessionName');
  const seconds = String(durationSeconds);
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900) {
    throw constraintError(seconds, 'durationSeconds', valueText('greater', 900));
  }
  if (durationSeconds > 43200) {
    throw constraintError(seconds, 'durationSeconds', valueText('less', 43200));
  }
  return durationSeconds;
}

export function requireSourceIdentity(name: string | undefined): void {
  if (name !== undefined) requireName(name, 'sourceIdentity');
}

export function requireExternalId(externalId: string | undefined): void {
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw constraintError(externalId, 'externalId', patternText('[\\w+=,.@:\\/-]*'));
  }
}

/** `chained`: asked for with a role's session, so that an hour is the most. */
export function requireRoleDuration(role: Role, duration: number, chained: boolean): void {
  if (chained && duration > 3600) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (duration > role.maxSessionDuration) {
    throw validationError(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
}

function requireName(name: string, member: string): void {
  if (!new RegExp(`^${nameForm}$`).test(name)) {
    throw constraintError(name, member, patternText(nameForm));
  }
  if (name.length < 2) throw constraintError(name, member, lengthText('greater', 2));
  if (name.length > 64) throw constraintError(name, member, lengthText('less', 64));
}

const patternText = (pattern: string): string =>
  `Member must satisfy regular expression pattern: ${pattern}`;
const lengthText = (side: 'greater' | 'less', bound: number): string =>
  `Member must have length ${side} than or equal to ${bound}`;
const valueText = (side: 'greater' | 'less', bound: number): string =>
  `Member must have value ${side} than or equal to ${bound}`;
