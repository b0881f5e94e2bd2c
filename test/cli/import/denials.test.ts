import { describe, expect, it } from '@jest/globals';
import { fleet, inPlace } from './place.ts';

describe('rollcall import, of policies', () => {
  it('takes nothing of a role that a Deny names, whichever service it was said to be for', async () => {
    await inPlace(async ({ file, run, read }) => {
      const statement = {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::keys/*',
      };
      const inline = (name: string, RoleName: string, Effect: string) =>
        file(name, { RoleName, PolicyDocument: { Statement: [{ ...statement, Effect }] } });
      const allow = inline('allow.json', 'eks-keys-prd', 'Allow');
      const unknown = inline('known.json', 'legacy', 'Allow');
      const managed = {
        PolicyVersion: { Document: { Statement: [{ ...statement, Effect: 'Deny' }] } },
      };
      for (const both of [
        [`keys=${allow}`, inline('deny-1.json', 'eks-keys-prd', 'Deny')],
        [`keys=${unknown}`, inline('deny-2.json', 'legacy', 'Deny')],
        [`keys=${allow}`, `keys=${file('deny-3.json', managed)}`],
      ]) {
        const { code, stderr } = await run('--policy', ...both);
        expect([code, read()]).toEqual([0, fleet]);
        expect(stderr).toMatch(/^Left out: (?:allow|known)\.json: /m);
      }
    });
  });
});
