import { readFileSync } from 'node:fs';
import { inGroup } from './permissions.ts';

/** A request as the API server's audit log has it (audit.k8s.io/v1, `Event`). */
export interface Audited {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username?: string };
  /** RFC 3339, in microseconds. */
  readonly requestReceivedTimestamp: string;
  readonly responseStatus?: { readonly code: number };
  /** Absent for what is no resource. */
  readonly objectRef?: {
    readonly resource: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    /** Of a list or a watch too, where it asks for one name alone. */
    readonly name?: string;
    readonly subresource?: string;
  };
}

/** All that has been answered so far; a watch stands there once it has ended. */
export function readAudit(file: string): readonly Audited[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last line end is empty, or being written.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Audited);
}

/** `patch deployments.apps sts/web`: as `permissionsOf` writes a permission, of what is asked for. */
export function permissionAsked({ verb, requestURI, objectRef }: Audited): string {
  if (!objectRef) return `${verb} ${requestURI}`;
  const { resource, apiGroup = '', namespace, name, subresource } = objectRef;
  const path = [resource, ...(subresource === undefined ? [] : [subresource])].join('/');
  const full = inGroup(path, apiGroup);
  return `${verb} ${full} ${[namespace ?? '', ...(name === undefined ? [] : [name])].join('/')}`;
}

/** How often each. */
export function tally(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries(counts);
}
