import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { certManager, findCustomResources } from './custom-resources.ts';
import { FakeMachine } from './support/fake-machine.ts';

const { PATH } = process.env;
let machine: FakeMachine;
beforeEach(() => {
  machine = new FakeMachine();
  process.env.PATH = join(machine.folder, 'bin');
});
afterEach(() => {
  process.env.PATH = PATH;
  machine.remove();
});

describe("cert-manager's CustomResourceDefinitions", () => {
  it('are read where Go keeps the module that go.mod pins', () => {
    expect(findCustomResources(certManager)).toEqual({
      folder: join(machine.folder, 'source', 'deploy/crds'),
    });
    expect(machine.asked().at(-1)).toMatch(
      /^mod download -json github\.com\/cert-manager\/cert-manager GOFLAGS=-mod=readonly /,
    );
  });

  it.each([
    [
      'without Go',
      () => {
        machine.removeGo();
      },
    ],
    [
      'with a Go that does not run',
      () => {
        machine.breakGo();
      },
    ],
    [
      'without a network',
      () => {
        machine.answerGo('{"Error": "dial tcp: no such host"}');
      },
    ],
  ])('are missing %s, which is said', (_, lose) => {
    lose();
    expect(findCustomResources(certManager)).toEqual({
      missing: expect.stringContaining('github.com/cert-manager/cert-manager') as unknown,
    });
  });

  it('are an error where what was fetched is not what go.sum says', () => {
    machine.answerGo('');
    expect(() => findCustomResources(certManager)).toThrow('go mod download');
  });
});
