import type { Rule } from './rule.ts';

const host = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?';
const segment = '[A-Za-z0-9._~-]+';
const gitUrl = new RegExp(`^(?:https://|ssh://(?:[A-Za-z0-9._-]+@)?)${host}(?:/${segment})+$`);
const registry = new RegExp(`^oci://${host}(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$`);

/** No segment that leads out or stays in place. */
const climbs = (text: string): boolean =>
  text.split('/').some((part) => part === '..' || part === '.');

/** `https://…` or `ssh://…`, without password, query or fragment (Flux, GitRepository, `url`). */
export const isGitUrl = (text: string): boolean =>
  text.length <= 512 && gitUrl.test(text) && URL.canParse(text) && !climbs(text);

/** git-check-ref-format(1), of plain characters. */
export const isBranch = (text: string): boolean =>
  text.length <= 200 &&
  /^[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?$/.test(text) &&
  !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|\.\//.test(text);

/** A folder below the place where it is looked for: `./`, `fleet`, `./fleet/dist`. */
export const isFolderBelow = (text: string): boolean => {
  const path = text.replace(/^\.\//, '').replace(/\/$/, '');
  if (text === '.' || text === './') return true;
  return (
    text.length <= 512 && new RegExp(`^${segment}(?:/${segment})*$`).test(path) && !climbs(path)
  );
};

/** The form of every text about how the output reaches the clusters. */
export const rulesOfDelivery = {
  gitUrl: {
    code: 'fleet/repository',
    test: isGitUrl,
    expected: 'https://HOST/PATH or ssh://[USER@]HOST/PATH, no password, query or ..',
    next: 'Write something like ssh://git@github.com/team/fleet; of scp’s form git@HOST:PATH the colon becomes a slash.',
  },
  branch: {
    code: 'fleet/repository',
    test: isBranch,
    expected: 'a branch: letters, digits and ._/-, as git takes them',
    next: 'Write something like main.',
  },
  folderBelow: {
    code: 'fleet/repository',
    test: isFolderBelow,
    expected: './, or a folder below it, of letters, digits and ._~-, without ..',
    next: 'Write something like ./clusters/dist.',
  },
  registry: {
    code: 'fleet/repository',
    test: (text: string) => text.length <= 512 && registry.test(text),
    expected: 'oci://HOST[:PORT][/PATH], the path in lower case',
    next: 'Write something like oci://registry.example.com/charts.',
  },
} as const satisfies Record<string, Rule>;
