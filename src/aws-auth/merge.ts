import type { AwsAuthFragment } from './fragment.ts';
import { mergeSection, type MergeChange } from './merge-section.ts';
import type { Refusal } from './refusal.ts';
import { sectionNames, wantedIn, type SectionName, type Sections } from './sections.ts';

export type MergeResult =
  | {
      readonly kind: 'merged';
      readonly mapRoles: string;
      readonly changes: readonly MergeChange[];
    }
  | Refusal;

export type SectionsResult =
  | {
      readonly kind: 'merged';
      /** All texts as they shall be; absent where there is none, and none is needed. */
      readonly sections: Sections;
      readonly changes: readonly MergeChange[];
    }
  | Refusal;

/**
 * Puts a fragment's entries into `mapRoles` and `mapUsers` of an `aws-auth` ConfigMap, and takes out
 * those of the same fleet that it no longer has. Entries are the fleet's own when its mark stands on
 * the line above; every byte outside of them is kept, comments and order included.
 *
 * An entry of someone else's for the same principal is left alone when it names the same user and
 * groups, and is a refusal when it names others: of two entries for one role the last silently wins.
 * A section in flow style (the JSON that AWS CDK writes) can't hold marks: entries are added to it,
 * and never changed or removed. Refused are besides: a section that can't be read strictly,
 * duplicates, an ARN that no caller has, and the fleet's mark above a role of the nodes.
 */
export function mergeAwsAuthSections(
  existing: Sections,
  fragment: AwsAuthFragment,
): SectionsResult {
  const sections: Partial<Record<SectionName, string>> = {};
  const changes: MergeChange[] = [];
  for (const section of sectionNames) {
    const wanted = wantedIn(section, fragment);
    const result = mergeSection(section, existing[section], wanted, fragment.fleet);
    if (result.kind === 'refused') return result;
    if (result.text !== undefined) sections[section] = result.text;
    changes.push(...result.changes);
  }
  return { kind: 'merged', sections, changes };
}

/** The same for `mapRoles` alone. */
export function mergeAwsAuth(existing: string | undefined, fragment: AwsAuthFragment): MergeResult {
  const wanted = wantedIn('mapRoles', fragment);
  const result = mergeSection('mapRoles', existing, wanted, fragment.fleet);
  if (result.kind === 'refused') return result;
  return { kind: 'merged', mapRoles: result.text ?? '', changes: result.changes };
}
