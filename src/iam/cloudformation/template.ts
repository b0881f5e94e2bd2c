/** The parts of a CloudFormation template that are written here. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Metadata: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: 'Retain';
  readonly UpdateReplacePolicy?: 'Retain';
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Resources that stand in one template: what one role, say, comes to. */
export type Unit = Readonly<Record<string, Resource>>;

export interface TemplateText {
  readonly description: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** CloudFormation user guide, "Understand CloudFormation quotas". Bytes leave room for the head. */
export const templateLimits = { resources: 500, bytes: 900_000 } as const;

/** Units in order, over as few templates as they fill; a dependency on another template is dropped. */
export function templates(
  units: readonly Unit[],
  text: TemplateText,
  sizeOf: (value: unknown) => number,
): readonly Template[] {
  const parts: { resources: Record<string, Resource>; bytes: number }[] = [];
  for (const unit of units.filter((one) => Object.keys(one).length > 0)) {
    const bytes = sizeOf(unit);
    const last = parts.at(-1);
    const fits =
      last &&
      last.bytes + bytes <= templateLimits.bytes &&
      Object.keys(last.resources).length + Object.keys(unit).length <= templateLimits.resources;
    if (fits) {
      Object.assign(last.resources, unit);
      last.bytes += bytes;
    } else parts.push({ resources: { ...unit }, bytes });
  }
  return parts.map(({ resources }) => ({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: text.description,
    Metadata: { Rollcall: text.metadata },
    Resources: withinTemplate(resources),
  }));
}

/** Templates are applied in order, so that what stands in an earlier one is there. */
const withinTemplate = (resources: Readonly<Record<string, Resource>>) =>
  Object.fromEntries(
    Object.entries(resources).map(([id, { DependsOn = [], ...resource }]) => {
      const within = DependsOn.filter((one) => Object.hasOwn(resources, one));
      return [id, { ...resource, ...(within.length > 0 ? { DependsOn: within } : {}) }];
    }),
  );
