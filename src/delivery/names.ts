import { shortDigest } from '../names/short-digest.ts';

/**
 * What Helm keeps a release by, and a HelmRelease's `releaseName` (helm.toolkit.fluxcd.io/v2, its
 * CustomResourceDefinition). A label's value holds more, and Flux labels all that it applies with its
 * Kustomization's name.
 */
const releaseLimit = 53;

/** What a label's value holds (kubernetes.io, "Labels and Selectors"). */
const labelLimit = 63;

/** `rollcall-<fleet>-<part>`, shortened where it would be too long, and still its own. */
export function deliveryName(fleet: string, part: string): string {
  const name = `rollcall-${fleet}-${part}`;
  if (name.length <= releaseLimit) return name;
  const digest = shortDigest(fleet);
  const room = releaseLimit - `rollcall--${digest}-${part}`.length;
  return `rollcall-${fleet.slice(0, room).replace(/-+$/, '')}-${digest}-${part}`;
}

/**
 * `rollcall-<fleet>`, or of one cluster `rollcall-<fleet>.<cluster>`: neither name can have a dot, so
 * that no two read the same. Shortened as above: Argo CD may label what it applies with it.
 */
export function applicationName(fleet: string, cluster?: string): string {
  const name = `rollcall-${fleet}${cluster === undefined ? '' : `.${cluster}`}`;
  if (name.length <= labelLimit) return name;
  const digest = shortDigest(name);
  return `${name.slice(0, labelLimit - digest.length - 1).replace(/[-.]+$/, '')}-${digest}`;
}

/** A folder of the output as it lies in the repository: `fleet/dist/manifests/ci`. */
export const inRepository = (path: string, folder: string): string =>
  path === '' ? folder : `${path}/${folder}`;
