import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { after, arn, before, nodes, own, where } from './support/aws-auth-sections.ts';
import { startTarget, type TestTarget } from './support/aws-auth.ts';

let target: TestTarget;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());
beforeEach(() => target.reset(before));

const backup = (): unknown =>
  JSON.parse(target.live()?.metadata.annotations?.['rollcall.dev/aws-auth-backup'] ?? 'null');

describe('undo', () => {
  it('restores to the byte, and only once', async () => {
    await target.run(['apply']);
    const { code, stdout, stderr } = await target.run(['undo']);
    expect([code, stderr]).toEqual([
      0,
      `${where}Restored to the byte as it was before the write of 2026-11-20T12:00:00.000Z, and read back.\n`,
    ]);
    expect(stdout).toContain(`-- rolearn: "${arn}"`);
    expect(target.live()?.data).toEqual(before);
    expect(backup()).toBeNull();
    const again = await target.run(['undo']);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^aws-auth\/no-backup [^]*next: .*rollcall aws-auth remove/);
  });

  it('takes the fleet’s own entries alone out of what was changed since', async () => {
    await target.run(['apply']);
    await target.patch({ data: { mapRoles: `${nodes}${own}- {rolearn: x, username: you}\n` } });
    const { code, stderr } = await target.run(['undo']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /Brought back, and read back\.\nmapRoles was written by someone else after/,
    );
    expect(target.live()?.data?.mapRoles).toBe(`${nodes}- {rolearn: x, username: you}\n`);
    expect(backup()).toBeNull();
  });

  it.each(['apply', 'remove'])(
    'brings the fleet’s own entries back to what they were before an %s, though others wrote since',
    async (command) => {
      const old = own.replace('"sts"', '"old"');
      const theirs = '- {rolearn: x, username: you}\n';
      await target.reset({ mapRoles: nodes + old });
      await target.run([command]);
      const written = target.live()?.data?.mapRoles ?? '';
      await target.patch({ data: { mapRoles: written + theirs } });
      expect((await target.run(['undo'])).code).toBe(0);
      const undone = target.live()?.data?.mapRoles ?? '';
      expect(undone.replace(theirs, '')).toBe(nodes + old);
      expect(undone).toContain(theirs);
    },
  );

  it('forgets a backup that is of no use any more', async () => {
    await target.run(['apply']);
    await target.patch({ data: { mapRoles: nodes } });
    const { code, stdout, stderr } = await target.run(['undo']);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/Nothing to change\.\nmapRoles was written by someone else after/);
    expect(target.live()?.data).toEqual(before);
    expect(backup()).toBeNull();
  });

  it('keeps what others have written into other sections', async () => {
    await target.run(['apply']);
    await target.patch({ data: { mapUsers: '[]' } });
    await target.run(['undo']);
    expect(target.live()?.data).toEqual({ ...before, mapUsers: '[]' });
  });

  it('takes an apply’s update back, and a remove', async () => {
    const old = nodes + own.replace('"sts"', '"old"');
    await target.reset({ mapRoles: old });
    for (const command of ['apply', 'remove']) {
      await target.run([command]);
      expect(target.live()?.data?.mapRoles).toBe(command === 'apply' ? nodes + own : nodes);
      await target.run(['undo']);
      expect(target.live()?.data).toEqual({ mapRoles: old });
    }
  });

  it.each([
    ['of another fleet', '{"version":1,"fleet":"other","at":"x","sections":{}}'],
    ['that is none', '{'],
  ])('is not by a backup %s', async (_, text) => {
    await target.reset(after);
    await target.patch({ metadata: { annotations: { 'rollcall.dev/aws-auth-backup': text } } });
    const { code, stderr } = await target.run(['undo']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^aws-auth\/no-backup /);
    expect(target.live()?.data).toEqual(after);
  });
});
