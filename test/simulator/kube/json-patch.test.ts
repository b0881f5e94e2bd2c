import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonPatch } from '../../../src/simulator/kube/json-patch.ts';
import { StatusError } from '../../../src/simulator/kube/status-error.ts';

const outcome = (target: unknown, patch: unknown): unknown => {
  try {
    return jsonPatch(target, patch);
  } catch (error) {
    if (error instanceof StatusError) return error.status.code;
    throw error;
  }
};

describe('a JSON patch', () => {
  // RFC 6902, appendix A.
  it.each<[unknown, unknown, unknown]>([
    [{ foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    [{ foo: [1, 2] }, [{ op: 'add', path: '/foo/1', value: 3 }], { foo: [1, 3, 2] }],
    [{ foo: [1] }, [{ op: 'add', path: '/foo/-', value: [2] }], { foo: [1, [2]] }],
    [{ baz: 1, foo: 2 }, [{ op: 'remove', path: '/baz' }], { foo: 2 }],
    [{ foo: [1, 2, 3] }, [{ op: 'remove', path: '/foo/1' }], { foo: [1, 3] }],
    [{ baz: 1 }, [{ op: 'replace', path: '/baz', value: null }], { baz: null }],
    [{ a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    [{ foo: [1, 2, 3] }, [{ op: 'move', from: '/foo/0', path: '/foo/2' }], { foo: [2, 3, 1] }],
    [{ a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
    [{ 'a/b': 1, '~1': 2 }, [{ op: 'test', path: '/a~1b', value: 1 }], { 'a/b': 1, '~1': 2 }],
    [{ '~1': 2 }, [{ op: 'remove', path: '/~01' }], {}],
    [{ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    [{ a: 1 }, [], { a: 1 }],
    // What does not fit.
    [{ a: 1 }, [{ op: 'test', path: '/a', value: '1' }], 422],
    [{ a: 1 }, [{ op: 'remove', path: '/b' }], 422],
    [{ a: 1 }, [{ op: 'replace', path: '/b', value: 1 }], 422],
    [{ a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }], 422],
    [{ a: [1] }, [{ op: 'add', path: '/a/2', value: 1 }], 422],
    [{ a: [1] }, [{ op: 'remove', path: '/a/-' }], 422],
    [{ a: [1] }, [{ op: 'remove', path: '/a/01' }], 422],
    [{}, [{ op: 'add', path: '/__proto__/x', value: 1 }], 422],
    [{}, [{ op: 'remove', path: '/constructor' }], 422],
    // What is no patch.
    [{}, {}, 400],
    [{}, [{ op: 'mend', path: '/a' }], 400],
    [{}, [{ op: 'add', path: 'a', value: 1 }], 400],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(outcome(target, patch)).toEqual(expected);
  });

  it('adds what is called __proto__ as a member like any other, and changes no argument', () => {
    const target = { a: { b: [1] } };
    const patched = jsonPatch(target, [
      { op: 'add', path: '/__proto__', value: 1 },
      { op: 'add', path: '/a/b/0', value: 0 },
    ]);
    expect(Object.keys(patched as object)).toEqual(['a', '__proto__']);
    expect(target).toEqual({ a: { b: [1] } });
  });

  it('of an addition is undone by its removal', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.nat()),
        fc.string(),
        fc.nat(),
        (target, key, value) => {
          fc.pre(!Object.hasOwn(target, key));
          const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
          const added = jsonPatch(target, [{ op: 'add', path, value }]);
          expect(Object.entries(added as object)).toContainEqual([key, value]);
          expect(Object.entries(jsonPatch(added, [{ op: 'remove', path }]) as object)).toEqual(
            Object.entries(target),
          );
        },
      ),
    );
  });
});
