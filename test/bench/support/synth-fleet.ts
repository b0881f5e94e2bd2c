import { stringify } from 'yaml';

const indexes = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index);

const image = `registry.example.com/rollcall/restart@sha256:${'0123456789abcdef'.repeat(4)}`;
const targetsAnAccount = 4;

/**
 * A fleet file with so many target clusters, four an account, half by aws-auth and half by access
 * entries; one hub restarts two Deployments in each.
 */
export const synthFleet = (targets: number): string =>
  stringify({
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'bench',
    image,
    accounts: Object.fromEntries([
      ['hub', '100000000000'],
      ...indexes(Math.ceil(targets / targetsAnAccount)).map(
        (index) => [`team-${index}`, String(200_000_000_000 + index)] as const,
      ),
    ]),
    clusters: [
      { name: 'hub', account: 'hub', region: 'eu-west-1', podIdentity: 'eks-pod-identity' },
      ...indexes(targets).map((index) => ({
        name: `target-${index}`,
        account: `team-${Math.floor(index / targetsAnAccount)}`,
        region: 'eu-west-1',
        accessControl: index % 2 === 0 ? 'aws-auth' : 'access-entries',
        labels: { role: 'target' },
      })),
    ],
    services: [
      {
        name: 'restarter',
        env: 'prd',
        cluster: 'hub',
        namespace: 'restarts',
        reach: [{ clusters: { role: 'target' } }],
      },
    ],
    restarts: [
      {
        name: 'nightly',
        service: 'restarter',
        schedule: '0 1 * * *',
        clusters: { role: 'target' },
        workloads: [{ namespace: 'shop', names: ['cart', 'checkout'] }],
      },
    ],
  });
