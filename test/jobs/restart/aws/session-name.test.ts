import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sessionName } from '../../../../jobs/restart/aws/session-name.ts';

describe('sessionName', () => {
  it.each([
    [['after-key-creation'], 'rollcall-after-key-creation'],
    [['after-key-creation', 'golf-prd'], 'rollcall-after-key-creation-golf-prd'],
    [['a b', 'ü:/'], 'rollcall-a-b----'],
  ])('of %j is %s', (parts, name) => {
    expect(sessionName(...parts)).toBe(name);
  });

  it('is one that STS takes, whatever it is made of', () => {
    const parts = fc.array(fc.string({ unit: 'binary', maxLength: 80 }), { maxLength: 3 });
    fc.assert(
      fc.property(parts, (texts) => {
        expect(sessionName(...texts)).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
  });

  it('tells long names apart that differ at their end', () => {
    const restart = fc.stringMatching(/^[a-z][a-z0-9-]{40,60}$/);
    const cluster = fc.stringMatching(/^[a-z][a-z0-9-]{10,60}$/);
    fc.assert(
      fc.property(restart, cluster, cluster, (one, first, second) => {
        fc.pre(first !== second);
        expect(sessionName(one, first)).not.toBe(sessionName(one, second));
      }),
    );
  });
});
