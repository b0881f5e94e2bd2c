import { shortDigest } from '../names/short-digest.ts';

/** Names that the generated objects of a restart carry, decided in one place. */

export const planConfigMapName = (restart: string): string => `${restart}-plan`;

export const recordConfigMapName = (restart: string, shard: number): string =>
  `${restart}-record-${shard}`;

export const leaseName = (restart: string): string => `${restart}-lock`;

/** STS API reference, AssumeRole: RoleSessionName and SourceIdentity have 2–64 characters. */
const longestSessionName = 64;

/** What a service is called in CloudTrail: `rollcall-{id}`; one too long ends in a hash of the whole. */
export function serviceSessionName(service: string): string {
  const name = `rollcall-${service}`;
  if (name.length <= longestSessionName) return name;
  const hash = shortDigest(name);
  return `${name.slice(0, longestSessionName - 1 - hash.length)}-${hash}`;
}
