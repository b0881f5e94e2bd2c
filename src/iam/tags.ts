import type { IamModel } from './model.ts';

/**
 * What is made bears it, with the fleet's name: in EKS it tells our access entries and associations
 * from others', whichever form made them.
 */
export const fleetTag = 'rollcall.dev/fleet';

export type Tags = Readonly<Record<string, string>>;

/** The fleet's alone: what EKS keeps bears it, and is no place for the tags of roles. */
export const fleetTags = ({ fleet }: Pick<IamModel, 'fleet'>): Tags => ({ [fleetTag]: fleet });

/**
 * All tags of what IAM keeps: those of the fleet file, and the fleet's. IAM takes upper and lower
 * case of a key for the same (IAM user guide, "Tags for IAM resources"): ours stands alone.
 */
export const tagsOf = (model: IamModel): Tags => ({
  ...Object.fromEntries(
    Object.entries(model.settings.tags).filter(([key]) => key.toLowerCase() !== fleetTag),
  ),
  ...fleetTags(model),
});

/** As IAM's API and CloudFormation have them. */
export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
