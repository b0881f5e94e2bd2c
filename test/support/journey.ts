import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readPage } from '../docs/markdown.ts';
import { stepsUnder, type Step } from './transcript.ts';

/** What the README has its reader do, from nothing to the first restart. */
export const journeySteps = async (): Promise<readonly Step[]> =>
  stepsUnder(await readPage('README.md'), 'Use it');

/** The part that needs no cluster and no account. */
export const needsNothing = ({ command }: Step): boolean =>
  /^(?:rollcall (?:init|import|plan|synth)|sed) /.test(command);

/** The clusters of the journey, by name. */
export const journeyClusters = {
  ci: { account: '903716715040', region: 'eu-west-1' },
  'golf-prd': { account: '508208880112', region: 'eu-west-1' },
} as const;

/** The reader's kubeconfig, as `aws eks update-kubeconfig --alias NAME` writes it. */
export function writeJourneyKubeconfig(
  folder: string,
  endpointOf: (cluster: string) => {
    readonly url: string;
    readonly ca: string;
    readonly token: string;
  },
): string {
  const clusters = Object.entries(journeyClusters).map(([name, { account, region }]) => ({
    name,
    arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
    ...endpointOf(name),
  }));
  const file = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'ci',
    clusters: clusters.map(({ arn, url, ca }) => ({
      name: arn,
      cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
    })),
    users: clusters.map(({ arn, token }) => ({ name: arn, user: { token } })),
    contexts: clusters.map(({ name, arn }) => ({ name, context: { cluster: arn, user: arn } })),
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}

/** Before there are clusters: it names them. */
export const nowhere = { url: 'https://eks.invalid', ca: '', token: '' } as const;
