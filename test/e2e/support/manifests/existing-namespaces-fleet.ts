import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

const account = '111122223333';
const role = (name: string): string => `arn:aws:iam::${account}:role/eks-${name}-prd`;

export type Annotations = Readonly<Record<string, string>>;

/** By cluster and namespace: the annotations by which agents let its pods have their roles. */
export const lentRoles: Readonly<Record<string, Readonly<Record<string, Annotations>>>> = {
  'by-kiam': {
    shop: { 'iam.amazonaws.com/permitted': `^(?:${role('carts')}|${role('stock')})$` },
    till: { 'iam.amazonaws.com/permitted': `^(?:${role('till')})$` },
  },
  'by-kube2iam': {
    books: { 'iam.amazonaws.com/allowed-roles': JSON.stringify([role('books')]) },
  },
};

/** Services in namespaces of others, whose roles are lent by agents that somebody runs. */
export function writeExistingNamespacesFleet(folder: string): string {
  const cluster = (name: string, podIdentity: string, agent: object) => ({
    ...{ name, account: 'main', region: 'eu-west-1', podIdentity },
    agents: { [podIdentity]: { existing: true, ...agent } },
  });
  const service = (name: string, at: string, namespace: string) => ({
    ...{ name, env: 'prd', cluster: at, namespace, existingNamespace: true },
    policies: [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${name}/*`] }],
  });
  const path = join(folder, 'existing-namespaces.yaml');
  const fleet = {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'others',
    accounts: { main: account },
    clusters: [
      cluster('by-kiam', 'kiam', { serverRole: 'kiam-server', nodeRole: 'kiam-nodes' }),
      cluster('by-kube2iam', 'kube2iam', { nodeRoles: ['nodes'] }),
    ],
    services: [
      service('carts', 'by-kiam', 'shop'),
      service('stock', 'by-kiam', 'shop'),
      service('till', 'by-kiam', 'till'),
      service('books', 'by-kube2iam', 'books'),
    ],
  };
  writeFileSync(path, stringify(fleet));
  return path;
}
