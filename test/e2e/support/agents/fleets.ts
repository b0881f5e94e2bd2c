import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { synthesise } from '../../../../src/demo/generate.ts';

const examples = join(import.meta.dirname, '..', '..', '..', '..', 'examples');

/** Folders of generated trees. */
export const generateExample = (name: string, folder: string): string => {
  const tree = join(folder, name);
  synthesise(join(examples, `${name}.yaml`), tree);
  return tree;
};

/** kiam of examples/seed-002.yaml by a ClusterIssuer. */
export function generateClusterIssuer(folder: string): string {
  const text = readFileSync(join(examples, 'seed-002.yaml'), 'utf8');
  const file = join(folder, 'cluster-issuer.yaml');
  writeFileSync(file, text.replace(/^( +)serverRole:/m, '$1issuer: cluster-issuer\n$&'));
  const tree = join(folder, 'cluster-issuer');
  synthesise(file, tree);
  return tree;
}

/** A hub without the webhook of IRSA, whose service restarts what is in another cluster. */
export function generateWithoutWebhook(folder: string): string {
  const region = 'eu-west-1';
  const file = join(folder, 'without-webhook.yaml');
  const fleet = {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'own-tokens',
    image: 'registry.example.com/rollcall/restart:0.1.0',
    accounts: { main: '111122223333', apple: '444455556666' },
    clusters: [
      {
        ...{ name: 'kops', account: 'main', region },
        oidcIssuer: 'https://oidc.example.com/kops',
        podIdentity: { irsa: { webhook: false, tokenExpiration: '1h' } },
      },
      { name: 'apple', account: 'apple', region },
    ],
    services: [
      {
        ...{ name: 'restarter', env: 'prd', cluster: 'kops', namespace: 'restarts' },
        reach: [{ clusters: ['apple'] }],
      },
    ],
    restarts: [
      {
        ...{ name: 'nightly', service: 'restarter', schedule: '0 3 * * *', clusters: ['apple'] },
        workloads: [{ namespace: 'shop', names: ['cart'] }],
      },
    ],
  };
  writeFileSync(file, stringify(fleet));
  const tree = join(folder, 'without-webhook');
  synthesise(file, tree);
  return tree;
}
