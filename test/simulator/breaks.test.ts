import { afterEach, describe, expect, it } from '@jest/globals';
import { breakLink, breakableLinks } from '../../src/simulator/breaks.ts';
import type { BreakableLink } from '../../src/simulator/breaks.ts';
import { realClock } from '../../src/simulator/clock.ts';
import { readMapRolesText } from '../../src/simulator/load/aws-auth-config-map.ts';
import type { World } from '../../src/simulator/load/world.ts';
import { startServers } from '../../src/simulator/servers/start.ts';
import { crossChain } from './support/chain.ts';
import { loadFleet } from './support/fleet.ts';

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const run of cleanUp) await run();
  cleanUp = [];
});

async function start(): Promise<{ world: World; reach: (cluster: string) => Promise<string> }> {
  const world = await loadFleet({ clock: realClock });
  const servers = await startServers(world);
  cleanUp.push(async () => {
    await servers.close();
    world.close();
  });
  const reach = (cluster: string) =>
    crossChain(world, servers, cluster).then(
      ({ status }) => String(status),
      (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
    );
  return { world, reach };
}

describe('a broken link refuses in its own words, and only where it was broken', () => {
  const user = (role: string, session: string): string =>
    `AccessDenied: User: arn:aws:sts::${role.replace('/', `:assumed-role/`)}/${session}`;
  const hub = user('903716715040/eks-key-restarter-prd', 'job');
  const target = 'arn:aws:iam::214365870921:role/eks-key-restarter-prd';
  const webIdentity = 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity';
  const assume = `${hub} is not authorized to perform: sts:AssumeRole on resource: ${target}`;

  it.each<[BreakableLink, string, string]>([
    ['subject', webIdentity, webIdentity],
    [
      'hub-policy',
      `${assume} because no identity-based policy allows the sts:AssumeRole action`,
      '200',
    ],
    ['trust', `${assume} because no role trust policy allows the sts:AssumeRole action`, '200'],
    [
      'describe',
      'AccessDeniedException: User: arn:aws:sts::214365870921:assumed-role/eks-key-restarter-prd/restart is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:eu-west-1:214365870921:cluster/hotel-prd-cluster because no identity-based policy allows the eks:DescribeCluster action',
      '200',
    ],
    ['mapping', '401', '200'],
    ['rbac', '403', '200'],
    ['gitops-revert', '200', '200'],
  ])('%s', async (link, broken, other) => {
    const { world, reach } = await start();
    expect(await reach('hotel-prd')).toBe('200');
    const { changes } = breakLink(world, link);
    expect(changes.length).toBeGreaterThan(0);
    expect(await reach('hotel-prd')).toBe(broken);
    expect(await reach('golf-prd')).toBe(other);
  });
});

describe('breaking', () => {
  it('takes the cluster that it is told', async () => {
    const { world, reach } = await start();
    expect(breakLink(world, 'trust', 'golf-prd').cluster).toBe('golf-prd');
    expect(await reach('golf-prd')).toMatch(/no role trust policy/);
    expect(await reach('hotel-prd')).toBe('200');
  });

  it.each(breakableLinks.filter((link) => link !== 'gitops-revert'))(
    '%s a second time finds nothing',
    async (link) => {
      const world = await loadFleet();
      breakLink(world, link);
      expect(() => breakLink(world, link)).toThrow(/There is no generated/);
    },
  );

  it('of the mapping leaves every other entry', async () => {
    const world = await loadFleet();
    const kube = world.clusters.get('hotel-prd')?.kube;
    if (!kube) throw new Error('no cluster');
    breakLink(world, 'mapping');
    expect(readMapRolesText(kube)).toBe(
      '# nodes\n- rolearn: arn:aws:iam::214365870921:role/nodes\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [system:nodes]\n',
    );
  });

  it('by gitops reverts one workload each way', async () => {
    const world = await loadFleet();
    expect(breakLink(world, 'gitops-revert').changes).toEqual([
      'argocd-controller replaces hotel-prd sts/encrypter before completion',
      'argocd-controller replaces hotel-prd sts/decrypter after completion',
    ]);
    expect(breakLink(world, 'gitops-revert', 'golf-prd').changes).toEqual([
      'argocd-controller replaces golf-prd sts/encrypter before completion',
      'argocd-controller replaces hotel-prd sts/encrypter after completion',
    ]);
  });

  it('needs a target', async () => {
    const world = await loadFleet();
    expect(() => breakLink(world, 'trust', 'ci')).toThrow(
      'ci is no target cluster; there are: golf-prd, hotel-prd.',
    );
  });
});
