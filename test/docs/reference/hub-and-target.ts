import { App, Chart } from 'cdk8s';
import {
  CrossAccountAccess,
  IrsaServiceAccount,
  KeptNamespace,
  RestartCronJob,
} from '../../../src/index.ts';

// What both sides must agree on stands here once.
const name = 'after-key-creation';
const user = 'sts';
const workloads = [{ namespace: 'sts', names: ['sts-js-avro-encryption-processor'] }];
const strategy = { timeout: '20m', diagnostics: true };

const app = new App();

// dist/ci.k8s.yaml, for the hub.
const hub = new Chart(app, 'ci', { namespace: 'key-restarter' });
new KeptNamespace(hub, 'namespace', { name: 'key-restarter' });
const account = new IrsaServiceAccount(hub, 'account', {
  name: 'key-restarter',
  roleArn: 'arn:aws:iam::903716715040:role/eks-key-restarter-prd',
  automountToken: false,
});
new RestartCronJob(hub, 'restart', {
  name,
  region: 'eu-west-1',
  identity: account.identity,
  image: 'registry.example.com/rollcall/restart:0.1.0',
  schedule: '15 2 * * 1',
  targets: [
    {
      name: 'golf-prd',
      eksCluster: 'golf-prd-cluster',
      region: 'eu-west-1',
      roleArn: 'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role',
    },
  ],
  workloads,
  strategy,
});

// dist/golf-prd.k8s.yaml, for the target.
const target = new Chart(app, 'golf-prd');
new CrossAccountAccess(target, 'access', { name, user, workloads, strategy });

app.synth();
