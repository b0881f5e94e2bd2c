import { describe, expect, it } from '@jest/globals';
import { factsOfContext, type KubeContext } from '../../src/import/kubeconfig.ts';

const host = `https://${'0A'.repeat(16)}.gr7.eu-west-1.eks.amazonaws.com`;
const arn = 'arn:aws:eks:eu-west-1:508208880112:cluster/golf';
const getToken = (...args: readonly string[]) => ({
  command: 'aws',
  args: ['--region', 'eu-west-1', 'eks', 'get-token', ...args],
});
const role = 'arn:aws:iam::444455556666:role/team/ops';

const facts = (context: Partial<KubeContext>) => {
  const found = factsOfContext({ name: 'x', cluster: 'x', server: 'https://10.0.0.1', ...context });
  return found.kind === 'eks' ? found.facts : found.leftOut.why;
};
const golf = { eksCluster: 'golf', region: 'eu-west-1' };

describe('a context of a kubeconfig', () => {
  it.each<[string, Partial<KubeContext>, object]>([
    [
      'aws eks update-kubeconfig',
      { cluster: arn, server: host },
      { ...golf, account: '508208880112', endpoint: host },
    ],
    ['its ARN as the context’s name', { name: arn }, { ...golf, account: '508208880112' }],
    [
      'China',
      {
        cluster: arn.replace('aws', 'aws-cn').replace('eu-west-1', 'cn-north-1'),
        server: host.replace('eu-west-1', 'cn-north-1') + '.cn',
      },
      { region: 'cn-north-1' },
    ],
    ['eksctl', { name: 'ada@golf.eu-west-1.eksctl.io', cluster: 'golf.eu-west-1.eksctl.io' }, golf],
    ['get-token', { exec: getToken('--cluster-name', 'golf') }, golf],
    [
      'get-token with =, and a role',
      { exec: getToken('--cluster-name=golf', `--role-arn=${role}`) },
      { ...golf, roleAccount: '444455556666' },
    ],
    [
      'aws-iam-authenticator',
      {
        server: host,
        exec: {
          command: '/usr/bin/aws-iam-authenticator',
          args: ['token', '-i', 'golf', '-r', role],
        },
      },
      { ...golf, roleAccount: '444455556666' },
    ],
    [
      'a dual-stack host',
      {
        server: `https://${'0a'.repeat(16)}.gr7.eks-cluster.eu-west-1.api.aws`,
        exec: getToken('--cluster-name', 'golf'),
      },
      golf,
    ],
  ])('tells the cluster: %s', (_, context, expected) => {
    expect(facts(context)).toMatchObject(expected);
  });

  it.each<[string, Partial<KubeContext>, RegExp]>([
    ['another kind of cluster', { cluster: 'minikube' }, /no EKS cluster/],
    [
      'another command',
      { exec: { command: 'gke-auth', args: ['--cluster-name', 'golf'] } },
      /no EKS cluster/,
    ],
    [
      'another command of aws',
      { exec: { command: 'aws', args: ['s3', '--cluster-name', 'golf'] } },
      /no EKS cluster/,
    ],
    ['a region alone', { server: host }, /does not tell the cluster’s name/],
    [
      'a name alone',
      { exec: { command: 'aws', args: ['eks', 'get-token', '--cluster-name', 'golf'] } },
      /does not tell the region/,
    ],
    [
      'two names',
      { cluster: arn, exec: getToken('--cluster-name', 'lima') },
      /eksCluster golf and lima/,
    ],
    [
      'two regions',
      { cluster: arn, server: host.replace('eu-west-1', 'eu-west-2') },
      /region eu-west-1 and eu-west-2/,
    ],
    [
      'a name that breaks out',
      { exec: getToken('--cluster-name', 'a\n  evil: "') },
      /does not tell/,
    ],
    ['a host that only looks like EKS’', { server: `${host}.evil.example` }, /no EKS cluster/],
  ])('is left out: %s', (_, context, why) => {
    expect(facts(context)).toMatch(why);
  });

  it('takes an endpoint of EKS alone, and no role’s account for the cluster’s', () => {
    const exec = getToken('--cluster-name', 'golf', '--role-arn', role);
    expect(facts({ exec, server: 'https://proxy.example' })).not.toHaveProperty('endpoint');
    expect(facts({ exec })).not.toHaveProperty('account');
  });
});
