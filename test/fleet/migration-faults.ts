type Case = readonly [from: string, to: string, ...faults: string[]];

const ofCluster = (more: string): string => `podIdentity: irsa\n    ${more}`;
const older = 'podIdentity: {kube2iam: {}}';
const bare = '{eks-pod-identity: {targetRole: true}}';
const outside = 'account: tools\n    role: lambda-role\n';
const refused = (from: string, to: string): Case => [from, to, 'fleet/migrating-from'];

/** Faults of `migratingFrom` in the file of identities. */
export const migrationCases: readonly Case[] = [
  [older, `${older}, migratingFrom: §kiamm`, 'fleet/unknown-value'],
  [older, `${older}, migratingFrom: {irsa: {}, §kiam: {}}`, 'fleet/exactly-one'],
  [outside, `${outside}    §migratingFrom: kiam\n`, 'fleet/misplaced-key'],
  // no move
  refused('podIdentity: irsa', ofCluster('migratingFrom: §irsa')),
  refused('podIdentity: irsa', 'migratingFrom: §{irsa: {hops: 2, tokenExpiration: 2h}}'),
  refused(older, `${older}, migratingFrom: §kube2iam`),
  refused(older, 'migratingFrom: §{irsa: {audience: sts.amazonaws.com}}'),
  refused('prd: {podIdentity: kiam', 'prd: {podIdentity: kiam, migratingFrom: §{kiam: {}}'),
  // not both at once
  refused('podIdentity: irsa', ofCluster('migratingFrom: §eks-pod-identity')),
  refused(older, `${older}, migratingFrom: §kiam`),
  refused(older, `podIdentity: kiam, migratingFrom: §kube2iam`),
  refused(older, `${older}, migratingFrom: §{eks-pod-identity: {sessionTags: false}}`),
  refused(older, `podIdentity: eks-pod-identity, migratingFrom: §eks-pod-identity`),
  // what the way that is left asks for
  [bare, `${bare}, migratingFrom: §kube2iam`, 'fleet/hub-without-agent'],
  [bare, `${bare}, migratingFrom: irsa`, 'fleet/hub-without-issuer 38:5'],
  [older, `${older}, migratingFrom: {irsa: {sessionDuration: §2h}}`, 'fleet/chained-session'],
  [
    'podIdentity: irsa',
    'podIdentity: kiam\n    migratingFrom: {irsa: {sessionDuration: §2h}}',
    'fleet/chained-session',
  ],
];

/** Moves that can be. */
export const soundMigrations: readonly (readonly [from: string, to: string])[] = [
  ...['kiam', 'kube2iam', '{irsa: {hops: 1, sessionDuration: 12h}}', '{irsa: {audience: a}}'].map(
    (from) => ['podIdentity: irsa', ofCluster(`migratingFrom: ${from}`)] as const,
  ),
  [older, 'migratingFrom: kube2iam'],
  [older, `${older}, migratingFrom: irsa`],
  [older, 'podIdentity: eks-pod-identity, migratingFrom: {kiam: {}}'],
  [older, 'podIdentity: {irsa: {hops: 1}}, migratingFrom: irsa'],
  ['prd: {podIdentity: kiam', 'prd: {migratingFrom: kiam'],
];
