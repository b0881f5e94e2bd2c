import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fileIdentity } from '../../../src/import/drift.ts';
import { accounts, cluster, refuse, startAwsWorld, type AwsWorld } from './aws-world.ts';

let world: AwsWorld;
beforeAll(async () => {
  world = await startAwsWorld();
});
afterAll(async () => {
  await world.close();
});

const many = Array.from({ length: 105 }, (_, index) => cluster(accounts.many, `many-${index}`));
const everywhere = ['--profile', 'hub', 'golf', 'many', '--region', 'eu-west-1', 'eu-west-2'];
const places = { profile: ['hub', 'golf', 'many'], region: ['eu-west-1', 'eu-west-2'] } as const;
/** Processes begin slowly on a small machine. */
const patience = 60_000;
const file = () => join(world.folder, 'fleet.yaml');
const text = () => readFileSync(file(), 'utf8');

/** As long as STS makes them. */
const sessionToken = `IQoJb3JpZ2luX2Vj${'aB3'.repeat(160)}`;

/** The fleet as it was written by hand: with comments, quotes and an order of its own. */
const byHand = `# ours
apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: grada # not the company
clusters:
  # The hub.
  - { name: ci, region: eu-west-1, account: cranberry, eksCluster: ci_Cluster }
  - name: golf-prd   # never restarted by day
    account: "golf"
    region: eu-west-1
    labels: {team: golf}
    oidcIssuer: https://oidc.example.com/id/OLD

accounts: {golf: '${accounts.golf}', cranberry: '${accounts.hub}'}
`;

beforeEach(() => {
  world.meddle = undefined;
  world.clusters = [
    cluster(accounts.hub, 'ci_Cluster'),
    cluster(accounts.golf, 'golf-prd', 'API', { tags: { env: 'prd', team: 'golf', owner: 'a b' } }),
    cluster(accounts.golf, 'golf-pp', 'API_AND_CONFIG_MAP', { region: 'eu-west-2' }),
  ];
});

describe('rollcall import, from EKS', () => {
  it(
    'writes a fleet file of all that there is, page after page',
    async () => {
      world.clusters.push(...many);
      const { code, stderr } = await world.process('--name', 'all', ...everywhere, '--tag', 'env');
      expect([code, stderr]).toEqual([
        0,
        expect.stringContaining('Written to fleet.yaml: 111 added'),
      ]);
      const fleet = world.fleet();
      const found = fleet.clusters.map((one) => ({
        identity: fileIdentity(one),
        issuer: one.oidcIssuer,
        access: one.accessControl,
        labels: one.labels,
      }));
      const there = world.clusters.map(({ account, region, eksCluster, oidcIssuer, ...one }) => ({
        identity: `${account}/${region}/${eksCluster}`,
        issuer: oidcIssuer,
        access: one.accessEntries.mode === 'CONFIG_MAP' ? 'aws-auth' : 'access-entries',
        labels: one.tags.env === undefined ? {} : { env: one.tags.env },
      }));
      expect(found).toEqual(there.sort((a, b) => (a.identity < b.identity ? -1 : 1)));
      expect(fleet.accounts.map(({ name, id }) => [name, id]).sort()).toEqual(
        Object.entries(accounts).sort(),
      );
      expect(text().split('\n').slice(0, 5).join('\n')).toMatchInlineSnapshot(`
       "# The fleet, as \`rollcall import\` found it.
       apiVersion: rollcall.dev/v1alpha1
       kind: Fleet
       name: all
       accounts:"
      `);
      expect((await world.process(...everywhere, '--tag', 'env', '--check')).code).toBe(0);
    },
    patience,
  );

  it('refreshes what was agreed to, and keeps all else to the byte', async () => {
    writeFileSync(file(), byHand);
    const args = { ...places, tag: ['env', 'team', 'owner'] };
    const checked = await world.run({ ...args, check: true });
    expect(checked).toMatchInlineSnapshot(`
     {
       "code": 1,
       "stderr": "Left out: tag owner of cluster golf-prd: its value "a b" can be no label.
       Write the label by hand, in letters that labels have.
     Nothing is written: 2 to add, 0 to refresh. 3 stay as in the file: marked !. --refresh takes over what was found.
     ",
       "stdout": "  of        what            in the file                      found
     ! golf-prd  issuer          https://oidc.example.com/id/OLD  https://oidc.eks.eu-west-1.amazonaws.com/id/676F6C662D707264
     ! golf-prd  access-control  aws-auth                         access-entries
     ! golf-prd  labels          -                                env=prd
     + golf-pp   cluster         -                                golf-pp in eu-west-2 of 508208880112
     + ci        issuer          -                                https://oidc.eks.eu-west-1.amazonaws.com/id/63695F436C7573746572
     ",
     }
    `);
    expect(text()).toBe(byHand);

    const added = await world.run(args);
    expect(added.code).toBe(0);
    const rest = text()
      .split('\n')
      .filter((line) => !byHand.split('\n').includes(line));
    expect(rest).toMatchInlineSnapshot(`
     [
       "  - { name: ci, region: eu-west-1, account: cranberry, eksCluster: ci_Cluster, oidcIssuer: https://oidc.eks.eu-west-1.amazonaws.com/id/63695F436C7573746572 }",
       "  - name: golf-pp",
       "    account: golf",
       "    region: eu-west-2",
       "    oidcIssuer: https://oidc.eks.eu-west-2.amazonaws.com/id/676F6C662D7070",
       "    accessControl: access-entries",
     ]
    `);

    const dry = await world.run({ ...args, refresh: true, dryRun: true });
    expect(dry.stdout).toMatchInlineSnapshot(`
     "--- fleet.yaml
     +++ fleet.yaml
     @@ -8,8 +8,9 @@
        - name: golf-prd   # never restarted by day
          account: "golf"
          region: eu-west-1
     -    labels: {team: golf}
     -    oidcIssuer: https://oidc.example.com/id/OLD
     +    labels: {team: golf, env: prd}
     +    oidcIssuer: https://oidc.eks.eu-west-1.amazonaws.com/id/676F6C662D707264
     +    accessControl: access-entries
        - name: golf-pp
          account: golf
          region: eu-west-2
     "
    `);
    expect((await world.run({ ...args, refresh: true })).code).toBe(0);
    expect((await world.run({ ...args, check: true })).code).toBe(0);
  });

  it('judges with --check what a refresh would come to', async () => {
    const ada = `{ name: ada, arn: 'arn:aws:iam::508208880112:user/ada', groups: [system:masters], clusters: [golf-prd] }`;
    const before = `${byHand}users:\n  - ${ada}\n`;
    writeFileSync(file(), before);
    expect((await world.run({ ...places, check: true })).code).toBe(1);
    const { code, stdout, stderr } = await world.run({ ...places, check: true, refresh: true });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^~ golf-prd +access-control +aws-auth +access-entries$/m);
    // No access entry has that group.
    expect(stderr).toMatch(/^\w+\/[\w-]+ .*fleet\.yaml:.*system:masters.*\nimport\/unsound /ms);
    expect(text()).toBe(before);
  });

  it('names a cluster that is gone, and drops nothing', async () => {
    writeFileSync(file(), byHand);
    world.clusters.shift();
    const all = { profile: ['hub', 'golf'], region: ['eu-west-1'], format: 'json' } as const;
    const { code, stdout } = await world.run({ ...all, check: true });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      written: false,
      differences: expect.arrayContaining([
        { of: 'ci', what: 'cluster', file: expect.any(String), found: null, state: 'drift' },
      ]) as unknown,
    });
    await world.run({ ...all, refresh: true });
    expect(world.fleet().clusters.map(({ name }) => name)).toContain('ci');
    // Who asks for another account is told nothing of this one.
    const others = await world.run({ ...all, profile: ['golf'], check: true });
    expect(others.stdout).not.toContain('"ci"');
  });

  it(
    'goes on past who is denied, unknown or throttled, and says so',
    async () => {
      writeFileSync(file(), byHand);
      world.meddle = (request, response) => {
        if (request.url === '/clusters/golf-pp') {
          const secret = `token ${sessionToken} aws_secret_access_key=wJalrXUtnFEMIK7MDENGbPxRfiCY`;
          return refuse(response, 400, 'InvalidRequestException', secret);
        }
        const isMany = (request.headers.authorization ?? '').includes('eu-west-3');
        return isMany && refuse(response, 429, 'ThrottlingException', 'Rate exceeded');
      };
      const { code, stderr, stdout } = await world.process(
        ...['--profile', 'golf', 'blind', 'stale', 'absent', '--region', 'eu-west-1', 'eu-west-2'],
        ...['eu-west-3', '-o', 'json'],
      );
      expect([code, stderr]).toEqual([3, '']);
      const { unread } = JSON.parse(stdout) as { unread: { source: string; found: string }[] };
      expect(unread.map(({ source, found }) => `${source}: ${found}`)).toMatchInlineSnapshot(`
       [
         "profile absent: sts:GetCallerIdentity: CredentialsProviderError: Could not load credentials from any providers",
         "profile blind in eu-west-1: eks:ListClusters: AccessDeniedException: User: arn:aws:iam::903716715040:user/blind is not authorized to perform: eks:ListClusters on resource: * because no identity-based policy allows the eks:ListClusters action",
         "profile blind in eu-west-2: eks:ListClusters: AccessDeniedException: User: arn:aws:iam::903716715040:user/blind is not authorized to perform: eks:ListClusters on resource: * because no identity-based policy allows the eks:ListClusters action",
         "profile blind in eu-west-3: eks:ListClusters: ThrottlingException: Rate exceeded",
         "profile golf in eu-west-2, cluster golf-pp: eks:DescribeCluster: InvalidRequestException: token [token removed] [secret removed]",
         "profile golf in eu-west-3: eks:ListClusters: ThrottlingException: Rate exceeded",
         "profile stale: sts:GetCallerIdentity: InvalidClientTokenId: The security token included in the request is invalid.",
       ]
      `);
      expect(world.fleet().clusters).toHaveLength(2);
      expect(stdout).not.toMatch(/IQoJ|aB3aB3|wJalr/);
    },
    patience,
  );

  it('makes no new file without a cluster, and says who was not asked', async () => {
    const fleet = join(world.folder, 'new.yaml');
    const blind = {
      fleet,
      name: 'x',
      profile: ['blind'],
      region: ['eu-west-1'],
      format: 'json',
    } as const;
    const { code, stdout } = await world.run(blind);
    expect([code, existsSync(fleet)]).toEqual([2, false]);
    const { errors } = JSON.parse(stdout) as { errors: { code: string; found: string }[] };
    expect(errors).toMatchObject([
      {
        code: 'import/nothing',
        found: expect.stringMatching(/profile blind in eu-west-1: eks:List/),
      },
    ]);
  });

  it('does not add to what is shared by an alias', async () => {
    const shared = byHand
      .replace('eksCluster: ci_Cluster', '$&, labels: &l {team: x}')
      .replace('labels: {team: golf}', 'labels: *l');
    writeFileSync(file(), shared);
    const { code, stderr } = await world.run({ ...places, tag: ['env'], refresh: true });
    expect([code, text()]).toEqual([2, shared]);
    expect(stderr).toMatch(/^import\/unwritable fleet.yaml › clusters › 1 › labels\n.*alias/);
  });

  it('does not give two clusters one name', async () => {
    writeFileSync(file(), byHand);
    world.clusters.push(cluster(accounts.many, 'CI'), cluster(accounts.many, 'golf-prd'));
    const { code, stderr } = await world.run(places);
    expect([code, text()]).toEqual([2, byHand]);
    expect(stderr).toMatchInlineSnapshot(`
     "import/name-conflict
       found:    "ci" for 903716715040/eu-west-1/ci_Cluster and 111122223333/eu-west-1/CI; "golf-prd" for 508208880112/eu-west-1/golf-prd and 111122223333/eu-west-1/golf-prd
       expected: a name of its own for every cluster
       next:     Name one: --as 111122223333/eu-west-1/CI=NAME.
     "
    `);
    const [ci, golf] = ['CI', 'golf-prd'].map((name) => `${accounts.many}/eu-west-1/${name}`);
    const as = [`${ci ?? ''}=many-ci`, `${golf ?? ''}=many-golf`];
    const slip = await world.run({ ...places, as: [...as, '1/eu-west-1/x=y'] });
    expect(slip.stderr).toMatch(
      /^import\/argument\n.*--as 1\/eu-west-1\/x, which is no new cluster/,
    );
    expect((await world.run({ ...places, as })).code).toBe(0);
    expect(world.fleet().clusters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['many-ci', 'many-golf']),
    );
  });
});
