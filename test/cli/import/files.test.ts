import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { awsAuth, document, fleet, inPlace, kubeconfig, ours } from './place.ts';

const added = (text: string): readonly string[] =>
  text.split('\n').filter((line) => !fleet.split('\n').includes(line));

describe('rollcall import, from files', () => {
  it('takes the clusters of a kubeconfig, and leaves out what it does not tell', async () => {
    await inPlace(async ({ file, run, read }) => {
      const config = file('config', kubeconfig);
      expect(await run('--kubeconfig', config)).toMatchInlineSnapshot(`
       {
         "code": 0,
         "stderr": "Left out: context of minikube: it names no EKS cluster.
         Nothing, if it leads to another kind.
       Left out: cluster mike in eu-west-1, by context of mike.eu-west-1.eksctl.io of the kubeconfig: its account is unknown.
         Name its account by --account mike=ID, or ask EKS itself by --profile.
       Left out: the authentication mode of lima: no source tells it, so the fleet file’s default holds, accessControl: aws-auth. In mode API nobody would get in by that.
         Import with --profile or --eks, or see \`aws eks describe-cluster --name NAME --query cluster.accessConfig\`, and write accessControl: access-entries where it says API.
       Written to fleet.yaml: 1 added, 0 refreshed.
       See what it changes: rollcall plan fleet.yaml
       ",
         "stdout": "  of    what     in the file  found
       + lima  cluster  -            lima in eu-west-2 of 508208880112
       ",
       }
      `);
      expect(added(read())).toMatchInlineSnapshot(`
       [
         "  - name: lima",
         "    region: eu-west-2",
       ]
      `);
      const { code, stderr } = await run('--kubeconfig', config, '--account', 'mike=903716715040');
      expect(code).toBe(0);
      // Lima stands in the file by now, with the default that was told.
      expect(stderr).toMatch(/the authentication mode of mike: /);
      expect(read()).toMatch(/ {2}- name: mike\n {4}account: hub\n {4}region: eu-west-1\n/);
    });
  });

  it('tells with --check what a file that is new would have, and writes none', async () => {
    await inPlace(async ({ file, run }) => {
      const fresh = file('x', '').replace(/x$/, 'new.yaml');
      const argv = ['-f', fresh, '--name', 'grada', '--kubeconfig', file('config', kubeconfig)];
      const { code, stdout, stderr } = await run(...argv, '--check');
      expect([code, existsSync(fresh)]).toEqual([1, false]);
      expect(stdout).toMatch(/^\+ lima +cluster +- /m);
      expect(stderr).toMatch(/^Nothing is written: 2 to add, 0 to refresh\.$/m);
      const written = await run(...argv);
      expect([written.code, written.stdout, existsSync(fresh)]).toEqual([0, stdout, true]);
      expect((await run(...argv, '--check')).code).toBe(0);
    });
  });

  it('names no file of its own where a folder can’t be written to', async () => {
    await inPlace(async ({ file, run }) => {
      const inFile = `${file('x', '')}/new.yaml`;
      const { code, stderr } = await run(
        ...['-f', inFile, '--name', 'grada', '--kubeconfig', file('config', kubeconfig)],
      );
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(
          /^import\/write x\/new\.yaml\n {2}found: {4}ENOTDIR: not a directory\n/m,
        ),
      ]);
    });
  });

  it('makes users of the people in aws-auth, and tells of those who differ', async () => {
    await inPlace(async ({ file, run, read }) => {
      const map = file('aws-auth.yaml', awsAuth);
      const both = ['--aws-auth', `golf-prd=${map}`, `golf-new=${map}`];
      expect(await run(...both)).toMatchInlineSnapshot(`
       {
         "code": 0,
         "stderr": "Left out: aws-auth entry of arn:aws:sts::508208880112:assumed-role/x/y as someone in golf-prd: it is no IAM user or role.
         Write a user by hand, if it is still needed.
       Left out: aws-auth entry of arn:aws:sts::508208880112:assumed-role/x/y as someone in golf-new: it is no IAM user or role.
         Write a user by hand, if it is still needed.
       Left out: aws-auth entry of arn:aws:iam::508208880112:user/ada as ada in golf-new: EKS refuses the group "system:masters" in an access entry.
         Write a user with accessPolicies, such as AmazonEKSClusterAdminPolicy.
       Written to fleet.yaml: 2 added, 0 refreshed. 2 stay as in the file: marked !.
       See what it changes: rollcall plan fleet.yaml
       ",
         "stdout": "  of        what  in the file                                       found
       ! golf-prd  user  arn:aws:iam::508208880112:user/grace as grace     arn:aws:iam::508208880112:user/grace as gracie
       + ops       user  -                                                 arn:aws:iam::508208880112:role/Ops as ops:{{SessionName}} in ops, view: golf-prd, golf-new
       + ada       user  -                                                 arn:aws:iam::508208880112:user/ada as ada in system:masters: golf-prd
       ! grace     user  arn:aws:iam::508208880112:user/grace in golf-prd  arn:aws:iam::508208880112:user/grace as gracie: golf-new
       ",
       }
      `);
      expect(added(read())).toMatchInlineSnapshot(`
       [
         "  - name: ops",
         "    arn: arn:aws:iam::508208880112:role/Ops",
         "    username: ops:{{SessionName}}",
         "    groups: [ops, view]",
         "    clusters: [golf-prd, golf-new]",
         "  - name: ada",
         "    arn: arn:aws:iam::508208880112:user/ada",
         "    groups: [system:masters]",
         "    clusters: [golf-prd]",
       ]
      `);
      expect((await run(...both, '--check')).code).toBe(1);
      expect(added(read())).toHaveLength(9);
    });
  });

  it('makes statements of exported policies, and says whose a role is', async () => {
    await inPlace(async ({ file, run, read }) => {
      const policies = [
        file('inline.json', {
          RoleName: 'eks-keys-prd',
          PolicyName: 'x',
          PolicyDocument: encodeURIComponent(JSON.stringify(document)),
        }),
        `keys=${file('managed.json', { PolicyVersion: { VersionId: 'v1', Document: document } })}`,
        file('role.json', {
          Role: {
            RoleName: 'eks-keys-prd',
            Arn: ours.replace('role/', 'role/app/'),
            Path: '/app/',
          },
        }),
        file('other.json', { PolicyVersion: { Document: document } }),
      ];
      const argv = policies.flatMap((policy) => ['--policy', policy]);
      expect(await run(...argv.slice(2))).toMatchInlineSnapshot(`
       {
         "code": 0,
         "stderr": "Left out: managed.json, statement 2: the action sts:AssumeRole hands roles over.
         Write the role under reach; other actions of the service one by one.
       Left out: managed.json, statement 3: it is no plain Allow: NotAction, NotResource or Principal stands in it, or a value of another form.
         Keep it in a policy of its own, beside Rollcall’s.
       Left out: managed.json, statement 4: "arn:aws:s3:::\${evil}/*" can’t stand in a fleet file.
         Write the statement by hand.
       Left out: other.json: no service has it: the file names no role.
         Name the service: --policy SERVICE=FILE; there are keys.
       Written to fleet.yaml: 2 added, 0 refreshed.
       See what it changes: rollcall plan fleet.yaml
       ",
         "stdout": "  of    what           in the file                      found
       + keys  policy         -                                kms:Decrypt on arn:aws:kms:eu-west-1:903716715040:key/x
       + keys  existing role  eks-keys-prd, a role to be made  arn:aws:iam::508208880112:role/app/eks-keys-prd
       ",
       }
      `);
      expect(added(read())).toMatchInlineSnapshot(`
       [
         "      - actions: [kms:Decrypt]",
         "        resources: [arn:aws:kms:eu-west-1:903716715040:key/x]",
         "        conditions:",
         "          Bool:",
         "            aws:SecureTransport: ['true']",
         "        existing: true",
         "        role: eks-keys-prd",
         "        rolePath: /app/",
       ]
      `);
      const again = await run(...argv.slice(2), '--check');
      expect([again.code, again.stderr]).toEqual([
        0,
        expect.stringMatching(/agreement with what was found, but for what was left out\.\n$/),
      ]);
      // The hub's own role and the target's have one name: nobody can say whose the policy is.
      expect((await run(...argv.slice(0, 2))).stderr).toMatch(/Left out: inline.json: several/);
    });
  });

  it.each<[string, unknown]>([
    ['a Deny', { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::keys/secret/*' }],
    ['a Deny of another form', { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }],
    ['what nobody can read', 'x'],
  ])('takes none of what a document allows that has %s', async (_, limit) => {
    await inPlace(async ({ file, run, read }) => {
      const Statement = [
        { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::keys/*' },
        limit,
      ];
      const policy = file('limited.json', { PolicyVersion: { Document: { Statement } } });
      const { code, stderr, stdout } = await run('--policy', `keys=${policy}`);
      expect([code, stdout, read()]).toEqual([0, '', fleet]);
      expect(stderr).toMatch(
        /^Left out: limited\.json: statement 2 is no Allow, .*what it denies would be allowed/,
      );
    });
  });

  it('takes nothing of a role’s other documents where one of them has a Deny, in whatever order', async () => {
    await inPlace(async ({ file, run, read }) => {
      const policyOf = (...Statement: readonly object[]) => ({
        PolicyVersion: { Document: { Statement } },
      });
      const allow = { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::keys/*' };
      const deny = { ...allow, Effect: 'Deny', Resource: 'arn:aws:s3:::keys/secret/*' };
      const wide = `keys=${file('wide.json', policyOf(allow))}`;
      const limit = `keys=${file('limit.json', policyOf(allow, deny))}`;
      for (const both of [
        [wide, limit],
        [limit, wide],
      ]) {
        const { code, stderr, stdout } = await run('--policy', ...both);
        expect([code, stdout, read()]).toEqual([0, '', fleet]);
        expect(stderr).toMatch(
          /^Left out: wide\.json: limit\.json, of the same role, is not all Allow \(statement 2\), .*none of its statements is taken/m,
        );
        expect(stderr).toMatch(/^Left out: limit\.json: statement 2 is no Allow, /m);
      }
      // By the role's name, as IAM exports inline policies, it is the same role.
      const PolicyDocument = { Statement: [deny] };
      const inline = file('inline.json', { RoleName: 'eks-keys-prd', PolicyDocument });
      const said = await run('--policy', wide, `keys=${inline}`);
      expect(said.stderr).toMatch(/wide\.json: inline\.json, of the same role/);
      // Of nobody's role it may be anybody's: that is told, and is no reason to take nothing.
      const stray = file('stray.json', policyOf(deny));
      const other = await run('--policy', wide, stray);
      expect(other.stderr).toMatch(
        /^Left out: stray\.json: no service has it: the file names no role; its statement 1 is no Allow: /m,
      );
      expect(added(read())).toContain('      - actions: [s3:PutObject]');
    });
  });

  const mapping = (name: string, groups: string) =>
    `    - {userarn: arn:aws:iam::508208880112:user/bob, username: ${name}, groups: [${groups}]}\n`;
  const header = awsAuth.slice(0, awsAuth.indexOf('  mapRoles'));

  it('makes no user of entries that contradict each other in a cluster', async () => {
    await inPlace(async ({ file, run, read }) => {
      const [bob, other] = [mapping('bob', 'dev'), mapping('bob2', 'dev, ops')];
      const both = file('both.yaml', `${header}  mapUsers: |\n${bob}${other}`);
      expect(await run('--aws-auth', `golf-prd=${both}`)).toMatchInlineSnapshot(`
       {
         "code": 0,
         "stderr": "Left out: aws-auth entry of arn:aws:iam::508208880112:user/bob as bob in golf-prd: another entry there contradicts it: arn:aws:iam::508208880112:user/bob as bob2 in dev, ops.
         Keep one of them in the cluster, and export it anew; or write the user by hand.
       Left out: aws-auth entry of arn:aws:iam::508208880112:user/bob as bob2 in golf-prd: another entry there contradicts it: arn:aws:iam::508208880112:user/bob as bob in dev.
         Keep one of them in the cluster, and export it anew; or write the user by hand.
       fleet.yaml is in agreement with what was found, but for what was left out.
       ",
         "stdout": "",
       }
      `);
      expect(read()).toBe(fleet);
      // Each in a file of its own is no better, and in another cluster it is someone to add.
      const files = [bob, other].map((one, at) =>
        file(`${at}.yaml`, `${header}  mapUsers: |\n${one}`),
      );
      const apart = files.map((one) => `golf-prd=${one}`);
      const said = await run('--aws-auth', ...apart, `golf-new=${files[1] ?? ''}`);
      expect(said.stderr.match(/contradicts it/g)).toHaveLength(2);
      expect(added(read())).toContain('    clusters: [golf-new]');
    });
  });

  it('names every account whose principals aws-auth all lets in', async () => {
    await inPlace(async ({ file, run, read }) => {
      const accounts = `  mapAccounts: |\n    - "508208880112"\n    - 012345678901\n`;
      const map = file('accounts.yaml', header + accounts);
      expect(await run('--aws-auth', `golf-prd=${map}`)).toMatchInlineSnapshot(`
       {
         "code": 0,
         "stderr": "Left out: mapAccounts of golf-prd, account 508208880112: it lets in every IAM user and role of the account, and a fleet file names each.
         Write those who need it as users, by their ARNs.
       Left out: mapAccounts of golf-prd, account 012345678901: it lets in every IAM user and role of the account, and a fleet file names each.
         Write those who need it as users, by their ARNs.
       fleet.yaml is in agreement with what was found, but for what was left out.
       ",
         "stdout": "",
       }
      `);
      const broken = file('broken.yaml', `${header}  mapAccounts: "508208880112"\n`);
      expect((await run('--aws-auth', `ci=${broken}`)).stderr).toMatch(
        /^Left out: mapAccounts of ci: it is no list/,
      );
      const none = file('none.yaml', `${header}  mapAccounts: ""\n`);
      expect((await run('--aws-auth', `ci=${none}`, '--check')).stderr).toMatch(
        /^fleet\.yaml is in agreement with what was found\.\n$/,
      );
      expect(read()).toBe(fleet);
    });
  });
});
