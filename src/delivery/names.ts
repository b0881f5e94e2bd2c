import { createHash } from 'node:crypto';

/** What a label's value holds (kubernetes.io, "Labels and Selectors"): Flux labels all that it applies with its Kustomization's name. */
const limit = 63;

/** `rollcall-<fleet>-<part>`, shortened where it would be too long, and still its own. */
export function deliveryName(fleet: string, part: string): string {
  const name = `rollcall-${fleet}-${part}`;
  if (name.length <= limit) return name;
  const digest = createHash('sha256').update(fleet).digest('hex').slice(0, 8);
  const room = limit - `rollcall--${digest}-${part}`.length;
  return `rollcall-${fleet.slice(0, room).replace(/-+$/, '')}-${digest}-${part}`;
}

/** A folder of the output as it lies in the repository: `fleet/dist/manifests/ci`. */
export const inRepository = (path: string, folder: string): string =>
  path === '' ? folder : `${path}/${folder}`;
