import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { intercept } from '../contract/support/intercept.ts';
import { after, arn, before, nodes, own, people, where } from './support/aws-auth-sections.ts';
import { startTarget, type TestTarget } from './support/aws-auth.ts';
import { dataFormats } from './support/run.ts';

let target: TestTarget;
let handle: TestTarget['kube']['handle'];
beforeAll(async () => {
  target = await startTarget();
  handle = target.kube.handle.bind(target.kube);
});
afterAll(() => target.close());
beforeEach(async () => {
  target.kube.handle = handle;
  await target.reset(before);
});

const backup = (): unknown =>
  JSON.parse(target.live()?.metadata.annotations?.['rollcall.dev/aws-auth-backup'] ?? 'null');

describe('diff', () => {
  const shown = `--- kube-system/aws-auth mapRoles
+++ kube-system/aws-auth mapRoles
@@ -2,3 +2,7 @@
 - rolearn: arn:aws:iam::508208880112:role/golf-prd-node
   username: system:node:{{EC2PrivateDNSName}}
   groups: [system:bootstrappers,   system:nodes]
+# rollcall: fleet grada, ${arn}
+- rolearn: "${arn}"
+  username: "sts"
+  groups: []
`;

  it('shows what apply would write, and writes nothing', async () => {
    const stored = target.live();
    const { code, stdout, stderr } = await target.run(['diff']);
    expect([code, stderr]).toEqual([2, `${where}rollcall aws-auth apply writes this.\n`]);
    expect(stdout).toBe(`${shown}+ mapRoles  ${arn}  user sts  no groups  added\n`);
    expect(target.live()).toEqual(stored);
  });

  it('of nothing is 0', async () => {
    await target.reset(after);
    const { code, stdout, stderr } = await target.run(['diff']);
    expect([code, stderr]).toEqual([0, `${where}Nothing to change.\n`]);
    expect(stdout).toBe(`= mapRoles  ${arn}  user sts  no groups  unchanged\n`);
  });

  it('has colours on a terminal, and none with NO_COLOR', async () => {
    const terminal = await target.run(['diff'], { terminal: true });
    expect(terminal.stdout).toContain('\u001b[32m+- rolearn: ');
    const plain = await target.run(['diff'], { terminal: true, env: { NO_COLOR: '1' } });
    expect(plain.stdout.startsWith(shown)).toBe(true);
  });

  it.each(dataFormats)('as %s', async (format, read) => {
    const { code, stdout, stderr } = await target.run(['diff', '-o', format]);
    expect([code, stderr]).toEqual([2, '']);
    expect(read(stdout)).toMatchObject({
      fleet: 'grada',
      cluster: 'golf-prd',
      context: 'golf-prd',
      written: false,
      entries: [{ section: 'mapRoles', arn, username: 'sts', groups: [], change: 'added' }],
      diffs: { mapRoles: shown },
    });
  });

  it('tells of an adopted entry, and of keys that nobody reads', async () => {
    await target.reset({ mapRoles: `- {rolearn: ${arn}, username: sts}\n`, MapUsers: people });
    const { code, stdout, stderr } = await target.run(['diff']);
    expect(code).toBe(0);
    expect(stdout).toContain('unchanged, someone else’s');
    expect(stderr).toContain('Its key MapUsers is read by nobody');
  });

  it('lets nothing steer the terminal', async () => {
    await target.reset({ mapRoles: '# \u202e\u009b31m\n' });
    const { stdout } = await target.run(['diff'], { terminal: true, env: { NO_COLOR: '1' } });
    expect(stdout).toContain('# \\u{202e}\\u{9b}31m');
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});

describe('apply', () => {
  it('writes the section that differs and its backup, and nothing else', async () => {
    const { code, stdout, stderr } = await target.run(['apply']);
    expect([code, stderr]).toEqual([
      0,
      `${where}Written, and read back. What stood there before is kept: rollcall aws-auth undo.\n`,
    ]);
    expect(stdout).toContain(`+ mapRoles  ${arn}`);
    expect(target.live()?.data).toEqual(after);
    expect(target.live()?.metadata.labels).toEqual({ owner: 'someone' });
    expect(backup()).toMatchObject({
      fleet: 'grada',
      at: '2026-11-20T12:00:00.000Z',
      sections: { mapRoles: { before: nodes } },
    });
    const manager = target
      .live()
      ?.metadata.managedFields?.find((one) => one.manager === 'rollcall-cli');
    expect(manager?.fieldsV1).toEqual({
      'f:data': { 'f:mapRoles': {} },
      'f:metadata': { 'f:annotations': { '.': {}, 'f:rollcall.dev/aws-auth-backup': {} } },
    });
  });

  it('twice is once', async () => {
    await target.run(['apply']);
    const stored = target.live();
    const { code, stderr } = await target.run(['apply']);
    expect([code, stderr]).toEqual([0, `${where}Nothing to change.\n`]);
    expect(target.live()).toEqual(stored);
  });

  it.each([[['apply']], [['apply', '--create']], [['remove']]])(
    '%j with --dry-run stores nothing',
    async (argv) => {
      await target.reset(argv[0] === 'remove' ? after : before);
      const stored = target.live();
      const { code, stdout, stderr } = await target.run([...argv, '--dry-run']);
      expect([code, stderr]).toEqual([0, `${where}A dry run: nothing is written.\n`]);
      expect(stdout).toContain('@@');
      expect(target.live()).toEqual(stored);
    },
  );

  /** Someone else writes between each read and write, so often. */
  function disturb(times: number): () => number {
    let done = 0;
    intercept(target.kube, async (request, answer) => {
      if (request.method === 'PATCH' && done < times) {
        done++;
        await target.patch({
          data: { mapUsers: `${people}# ${done}\n`, mapRoles: `${nodes}# ${done}\n` },
        });
      }
      return answer();
    });
    return () => done;
  }

  it('is merged again into what someone else has written in between', async () => {
    disturb(3);
    expect((await target.run(['apply'])).code).toBe(0);
    expect(target.live()?.data).toEqual({
      ...before,
      mapUsers: `${people}# 3\n`,
      mapRoles: `${nodes}${own}# 3\n`,
    });
    expect(backup()).toMatchObject({ sections: { mapRoles: { before: `${nodes}# 3\n` } } });
  });

  it('gives up where others write all the time', async () => {
    const count = disturb(1000);
    const { code, stdout, stderr } = await target.run(['apply']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^aws-auth\/busy context golf-prd, ConfigMap kube-system\/aws-auth\n/);
    expect(count()).toBe(5);
    expect(target.live()?.data?.mapRoles).not.toContain('rollcall');
  });

  it('does not take a write for done that is not there', async () => {
    let written = false;
    intercept(target.kube, async (request, answer) => {
      const given = await answer();
      if (request.method === 'PATCH' && !written) {
        written = true;
        await target.patch({ data: { mapRoles: nodes } });
      }
      return given;
    });
    const { code, stderr } = await target.run(['apply']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^aws-auth\/unverified .*\n {2}found: {4}another mapRoles than/);
  });

  it('makes no ConfigMap unasked', async () => {
    await target.reset();
    const { code, stderr } = await target.run(['apply']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^aws-auth\/no-config-map [^]*next: .*--create/);
    expect(target.live()).toBeUndefined();
    const asked = await target.run(['apply', '--create']);
    expect(asked.code).toBe(0);
    expect(target.live()?.data).toEqual({ mapRoles: own });
    expect((await target.run(['undo'])).code).toBe(0);
    expect(target.live()?.data ?? {}).toEqual({});
  });
});

describe('remove', () => {
  it('takes the fleet’s own entries out, and nothing else', async () => {
    await target.reset(after);
    expect((await target.run(['remove'])).code).toBe(0);
    expect(target.live()?.data).toEqual(before);
  });

  it('tells what it can’t take for its own', async () => {
    const json = JSON.stringify([{ rolearn: arn, username: 'sts', groups: [] }]);
    await target.reset({ mapRoles: json });
    const { code, stderr } = await target.run(['remove']);
    expect(code).toBe(0);
    expect(stderr).toContain(`Nothing to change.\n${arn} stays in mapRoles: no mark says`);
    expect(target.live()?.data).toEqual({ mapRoles: json });
  });
});
