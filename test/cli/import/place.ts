import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolderAsync } from '../../charts/support/folders.ts';
import { run, type Run } from '../support/run.ts';

export const fleet = `apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: grada
image: r.example/rollcall:1
accounts: { hub: '903716715040', golf: '508208880112' }
clusters:
  - name: ci
    account: hub
    region: eu-west-1
    oidcIssuer: https://oidc.example.com/id/CI
  - name: golf-prd
    account: golf
    region: eu-west-1
  - name: golf-new
    account: golf
    region: eu-west-1
    accessControl: access-entries
services:
  - name: keys
    env: prd
    cluster: ci
    namespace: sts
    policies:
      - actions: [s3:GetObject]
        resources: ['arn:{partition}:s3:::keys/*']
    reach:
      - clusters: [golf-prd] # by night
        kubernetesUser: sts
users:
  - { name: grace, arn: 'arn:aws:iam::508208880112:user/grace', clusters: [golf-prd] }
`;
export const ours = 'arn:aws:iam::508208880112:role/eks-keys-prd';
export const awsAuth = `apiVersion: v1
kind: ConfigMap
metadata: { name: aws-auth, namespace: kube-system }
data:
  mapRoles: |
    - rolearn: arn:aws:iam::508208880112:role/nodes
      username: system:node:{{EC2PrivateDNSName}}
      groups: [system:bootstrappers, system:nodes]
    # rollcall: fleet grada, ${ours}
    - rolearn: "${ours}"
      username: "sts"
      groups: []
    - rolearn: arn:aws:iam::508208880112:role/Ops
      username: ops:{{SessionName}}
      groups: [ops, view]
    - rolearn: arn:aws:sts::508208880112:assumed-role/x/y
      username: someone
      groups: []
  mapUsers: |
    - {userarn: arn:aws:iam::508208880112:user/ada, username: ada, groups: [system:masters]}
    - {userarn: arn:aws:iam::508208880112:user/grace, username: gracie, groups: []}
`;
export const document = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Known', Effect: 'Allow', Action: 's3:getobject', Resource: 'arn:aws:s3:::keys/*' },
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'sts:AssumeRole'],
      Resource: ['arn:aws:kms:eu-west-1:903716715040:key/x'],
      Condition: { Bool: { 'aws:SecureTransport': true } },
    },
    { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
    { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::${evil}/*' },
  ],
};
export const secret = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl';
export const kubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    ['arn:aws:eks:eu-west-2:508208880112:cluster/lima', 'https://1.example'],
    ['golf-prd.eu-west-1.eksctl.io', 'https://2.example'],
    ['mike.eu-west-1.eksctl.io', 'https://3.example'],
    ['minikube', 'https://4.example'],
  ].map(([name, server]) => ({ name, cluster: { server } })),
  users: [{ name: 'u', user: { token: secret, exec: { command: 'sh', args: ['-c', secret] } } }],
  contexts: [
    ...['arn:aws:eks:eu-west-2:508208880112:cluster/lima', 'golf-prd.eu-west-1.eksctl.io'],
    ...['mike.eu-west-1.eksctl.io', 'minikube'],
  ].map((cluster) => ({ name: `of ${cluster}`, context: { cluster, user: 'u' } })),
  'current-context': '',
};

export interface Place {
  readonly file: (name: string, content: unknown) => string;
  readonly read: () => string;
  readonly run: (...argv: readonly string[]) => Promise<Run>;
}

export const inPlace = (work: (place: Place) => Promise<void>): Promise<void> =>
  inTemporaryFolderAsync(async (folder) => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('fleet.yaml'), fleet);
    await work({
      file(name, content) {
        const text = typeof content === 'string' ? content : JSON.stringify(content);
        writeFileSync(at(name), text);
        return at(name);
      },
      read: () => readFileSync(at('fleet.yaml'), 'utf8'),
      async run(...argv) {
        const said = await run(['import', '-f', at('fleet.yaml'), ...argv]);
        if (`${said.stdout}${said.stderr}`.includes(secret.slice(0, 12)))
          throw new Error('a secret');
        const clean = (text: string): string => text.replaceAll(`${folder}/`, '');
        return { code: said.code, stdout: clean(said.stdout), stderr: clean(said.stderr) };
      },
    });
  });
