import { describe, expect, it } from '@jest/globals';
import { IdentityServiceAccount, IrsaServiceAccount, PropsError } from '../../src/index.ts';
import { library, ownChart, ownRole } from './support/library.ts';

type Props = Readonly<Record<string, unknown>>;

/** What is said of a construct with these props, whatever JavaScript gives. */
function saidOf(name: string, props: unknown, chart = ownChart()) {
  try {
    library[name]?.make(chart, 'made', props as Props);
  } catch (error) {
    if (error instanceof PropsError) return error.problems;
    throw error;
  }
  return [];
}

const constructs = Object.keys(library);

describe.each(constructs)('%s', (name) => {
  it.each([undefined, null, 5, 'text', []])('says that %p is no props', (props) => {
    expect(saidOf(name, props)).toEqual([
      expect.objectContaining({
        code: 'fleet/wrong-type',
        prop: 'props',
        expected: 'an object',
        next: 'Write the props in braces, as the third argument.',
      }),
    ]);
  });

  it('says of each prop that is missing to write it, not to write it otherwise', () => {
    const missing = saidOf(name, {}).filter(({ code }) => code !== 'construct/no-namespace');
    expect(missing).not.toEqual([]);
    for (const { prop, found, next } of missing) {
      expect([prop, found]).toEqual([prop, 'nothing']);
      if (prop !== 'identity') expect(next.startsWith(`Write ${prop}: `)).toBe(true);
    }
  });
});

it.each<[string, string, Props, string]>([
  ['RestartCronJob', 'name', {}, 'a name of your own'],
  ['RestartCronJob', 'region', {}, 'the code of a region, such as eu-west-1'],
  ['RestartCronJob', 'workloads', {}, 'a list in brackets'],
  ['RestartCronJob', 'workloads[0]', { workloads: [null] }, 'an object in braces'],
  ['RestartCronJob', 'targets[0].name', { targets: [{}] }, 'a name of your own'],
  ['RestartCronJob', 'identity.kind', { identity: {} }, 'one of these'],
  ['RestartCronJob', 'suspend', { suspend: null }, 'true or false. Or leave it out'],
  ['KeptNamespace', 'fleet', { fleet: null }, 'a name of your own. Or leave it out'],
  ['CrossAccountAccess', 'user', {}, 'the user that the role is mapped to'],
])('%s, %s', (name, prop, props, what) => {
  const problem = saidOf(name, props).find((one) => one.prop === prop);
  expect(problem).toMatchObject({ found: 'nothing', next: `Write ${prop}: ${what}.` });
});

describe('the identity of a restart', () => {
  const said = (identity: unknown, chart = ownChart()) =>
    saidOf('RestartCronJob', { ...library.RestartCronJob?.props, identity }, chart);
  const account = { name: 'account', namespace: 'tools' };

  it('is asked for where it is missing', () => {
    expect(said(undefined)).toEqual([
      expect.objectContaining({
        found: 'nothing',
        next: 'Write identity: the identity of a ServiceAccount’s construct, or an object with its kind.',
      }),
    ]);
  });

  it('is not the construct that has it', () => {
    const chart = ownChart();
    const made = new IrsaServiceAccount(chart, 'account', { ...account, roleArn: ownRole });
    expect(said(made, chart)).toEqual([
      {
        code: 'fleet/wrong-type',
        prop: 'identity',
        found: 'the construct "own/account"',
        expected: 'the identity of a ServiceAccount’s construct, or an object with its kind',
        next: 'Write .identity behind the construct.',
      },
    ]);
  });

  it('is no construct that has none', () => {
    const chart = ownChart();
    const made = new IdentityServiceAccount(chart, 'account', account);
    expect(said(made, chart)).toEqual([
      expect.objectContaining({ prop: 'identity', next: 'Write an object with its kind.' }),
    ]);
  });
});
