import { shortDigest } from '../names/short-digest.ts';
import { pascal } from './sids.ts';

/**
 * A name of letters and digits for what `identity` tells from all others: equal wherever it stands
 * and whatever stands beside it. CloudFormation's logical ids are such (255 characters).
 */
export const logicalId = (kind: string, readable: string, identity: string): string =>
  `${kind}${pascal(readable).slice(0, 128)}${shortDigest(identity)}`;

const identifier = /^[A-Za-z_][\w-]*$/;

/** The text itself where Terraform takes it for a name, else one that stands for it alone. */
export const label = (text: string): string =>
  // A name that ends like one of ours is given ours as well, so that no two are one.
  identifier.test(text) && !/_[0-9a-f]{8}$/.test(text)
    ? text
    : `_${text.replace(/[^\w-]/g, '_')}_${shortDigest(text)}`;
