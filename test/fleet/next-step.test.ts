import { describe, expect, it } from '@jest/globals';
import { loadFleet } from '../../src/fleet/load.ts';
import { changed } from './support.ts';
import { identityFleet } from './identity-fleet.ts';
import { soundFleet } from './support.ts';

/** What is found first, and what to do about it. */
function lessonOf(text: string): string {
  const loaded = loadFleet(text, 'fleet.yaml');
  const [first] = loaded.kind === 'invalid' ? loaded.diagnostics : [];
  return `${first?.found} → ${first?.next}`;
}

const issuer = 'https://oidc.example.com/id/1';

describe('an error in a value says what was probably meant', () => {
  it.each([
    ['sessionDuration: 30m', 'sessionDuration: 30', 'the number 30 → Write its unit too: 30m.'],
    ['sessionDuration: 30m', 'sessionDuration: "20"', 'the text "20" → Write its unit too: 20m.'],
    [
      'sessionDuration: 30m',
      'sessionDuration: "7"',
      'the text "7" → Write something like 15m or 1h.',
    ],
    [
      'podIdentity: irsa',
      'podIdentity: {irsa: {hops: 1, sessionDuration: 12}}',
      'the number 12 → Write its unit too: 12h.',
    ],
    [issuer, `${issuer}/`, `the text "${issuer}/" → Take the slash off its end: write ${issuer}.`],
    [
      issuer,
      'oidc.example.com/',
      'the text "oidc.example.com/" → Write what `aws eks describe-cluster --query cluster.identity.oidc.issuer` shows.',
    ],
    ...(
      [
        ['eu-wst-1', 'eu-west-1'],
        ['ue-central-1', 'eu-central-1'],
        ['EU-West-1', 'eu-west-1'],
        ['eu-west1', 'eu-west-1'],
        ['us_gov_west_1', 'us-gov-west-1'],
        ['eu-west-1b', 'eu-west-1'],
      ] as const
    ).map(([region, near]): [string, string, string] => [
      'region: eu-west-1',
      `region: ${region}`,
      `the text "${region}" → Write ${near}.`,
    ]),
    [
      'region: eu-west-1',
      'region: Ireland',
      'the text "Ireland" → Write the code of the region, not its name or an availability zone.',
    ],
    ...['eu-west-9x', 'us-west-7a', 'sa-north-1a'].map((region): [string, string, string] => [
      'region: eu-west-1',
      `region: ${region}`,
      `the text "${region}" → Write the code of the region, not its name or an availability zone.`,
    ]),
  ])('%j → %j', (from, to, lesson) => {
    expect(lessonOf(changed(from, to, identityFleet))).toBe(lesson);
  });

  it.each([
    [
      '"eks-{service}-{env}"',
      '"eks-{servce}-{env}"',
      'the text "eks-{servce}-{env}" → Write {service}.',
    ],
    [
      '"eks-{service}-{env}"',
      '"{team}-{env}"',
      'the text "{team}-{env}" → Write something like "eks-{service}-{env}".',
    ],
    [
      'role: own-role',
      'role: own-{service}',
      '"{service}" in the text "own-{service}" → Write {env}, or the name itself.',
    ],
    [
      'kubernetesUser: sts',
      'kubernetesUser: "sts {env}"',
      'the text "sts {env}" → Choose a user name of your own, such as key-restarter-prd.',
    ],
    [
      'clusters: {env: prd}',
      'clusters: {env: prdd}',
      'no cluster with {env: prdd} → Write env: prd.',
    ],
    [
      'clusters: {env: prd}',
      'clusters: {evn: prd}',
      'no cluster with {evn: prd} → Write env: prd.',
    ],
    [
      'clusters: {env: prd}',
      'clusters: {env: sandbox}',
      'no cluster with {env: sandbox} → Correct the labels, here or of the clusters, or list clusters by name.',
    ],
  ])('%j → %j', (from, to, lesson) => {
    expect(lessonOf(changed(from, to, soundFleet))).toBe(lesson);
  });
});
