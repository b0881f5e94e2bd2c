import { parseEntries } from './entries.ts';
import { awsAuthFragment, type AwsAuthFragment } from './fragment.ts';
import type { MergeChange } from './merge-section.ts';
import { mergeAwsAuthSections } from './merge.ts';
import { sameArn, sectionNames, wantedIn, type SectionName, type Sections } from './sections.ts';

type Owner = Pick<AwsAuthFragment, 'fleet' | 'cluster'>;

/** The fragment that takes all of a fleet's entries out. */
export const emptyFragment = ({ fleet, cluster }: Owner): AwsAuthFragment =>
  awsAuthFragment(fleet, cluster, { mapRoles: [] });

/** The entries that bear the fleet's mark, and would be taken out. None where that is refused. */
export function ownEntries(live: Sections, owner: Owner): readonly MergeChange[] {
  const merged = mergeAwsAuthSections(live, emptyFragment(owner));
  return merged.kind === 'refused' ? [] : merged.changes;
}

/** The fragment by which a fleet's own entries become those that stand in these texts. */
export function ownEntriesAsIn(texts: Sections, owner: Owner): AwsAuthFragment {
  const own = ownEntries(texts, owner);
  const of = (name: SectionName) => own.filter(({ section }) => section === name);
  return awsAuthFragment(owner.fleet, owner.cluster, {
    mapRoles: of('mapRoles').map(({ arn: rolearn, username, groups }) => {
      return { rolearn, username, groups };
    }),
    mapUsers: of('mapUsers').map(({ arn: userarn, username, groups }) => {
      return { userarn, username, groups };
    }),
  });
}

/**
 * Entries for what the fleet asks that stay when it leaves: nothing marks them as its own. They were
 * someone else's before, or stand in a section in flow style, which holds no marks.
 */
export function unmarkedEntries(
  left: Sections,
  fragment: AwsAuthFragment,
): readonly { readonly section: SectionName; readonly arn: string }[] {
  return sectionNames.flatMap((section) => {
    const parsed = parseEntries(section, left[section] ?? '');
    if (parsed.kind === 'empty' || parsed.kind === 'unreadable') return [];
    const wanted = wantedIn(section, fragment);
    return parsed.entries
      .filter(({ arn }) => wanted.some((one) => sameArn(one.arn, arn)))
      .map(({ arn }) => ({ section, arn }));
  });
}
