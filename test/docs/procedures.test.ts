import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { accessCodes } from '../../src/access/codes.ts';
import { findingCodes } from '../../src/access/findings.ts';
import { awsAuthCodes } from '../../src/aws-auth/codes.ts';
import type { AwsAuthFragment } from '../../src/aws-auth/fragment.ts';
import { mergeAwsAuthSections } from '../../src/aws-auth/merge.ts';
import type { ApplyAction } from '../../src/iam/apply-order.ts';
import { iamLimits } from '../../src/iam/limits.ts';
import { breakableLinks } from '../../src/simulator/break-links.ts';
import { checkPriorState } from '../../src/simulator/load/prior-state.ts';
import {
  priorDaemonSet,
  priorDeployment,
  priorRollout,
  priorStatefulSet,
} from '../../src/simulator/load/prior-workloads.ts';
import {
  codeBlocks,
  codeOf,
  codesOf,
  namesUnder,
  readPage,
  tablesUnder,
  tableUnder,
  textOf,
} from './markdown.ts';

const clusters = await readPage('docs/clusters.md');
const iam = await readPage('docs/iam.md');
const simulator = await readPage('docs/simulator.md');

/** Checked by the compiler. */
const actions = {
  'create-oidc-provider': true,
  'create-role': true,
  'put-permissions': true,
  'attach-managed-policy': true,
  'add-trust-statements': true,
  'add-permission-statements': true,
  'create-access-entry': true,
  'create-pod-identity-association': true,
} satisfies Record<ApplyAction, true>;

describe('docs/iam.md', () => {
  it('explains every action of the apply order, with a command', () => {
    expect(namesUnder(iam, 'The steps')).toEqual(Object.keys(actions));
    for (const action of Object.keys(actions)) {
      const at = iam.nodes.findIndex(
        ({ type, children: [first] = [] }) =>
          type === 'paragraph' && first?.type === 'inlineCode' && first.value === action,
      );
      expect(iam.nodes.slice(at).find(({ type }) => type === 'code')?.value).toMatch(
        /^aws (?:iam|eks) /,
      );
    }
  });

  it('names no conflict that there is not', () => {
    const named = iam.nodes.map(({ value = '' }) => value).filter((one) => /^access\//.test(one));
    expect(named.length).toBeGreaterThan(0);
    expect(accessCodes).toEqual(expect.arrayContaining(named));
  });

  it('names the limits and their codes', () => {
    const rows = tableUnder(iam, 'Limits').map((cells) => cells.slice(1, 3).map(textOf));
    expect(rows).toEqual([
      [String(iamLimits.trustPolicy), 'iam/trust-too-large'],
      [String(iamLimits.inlinePolicies), ''],
      [String(iamLimits.managedPolicy), 'iam/permissions-too-large'],
    ]);
  });
});

describe('docs/clusters.md', () => {
  const fragment = parse(codeBlocks(clusters, 'yaml')[0] ?? '') as AwsAuthFragment;

  it('explains every refusal of the merge', () => {
    const documented = clusters.nodes.map(codeOf).filter((code) => code.startsWith('aws-auth/'));
    expect([...new Set(documented)].sort()).toEqual([...awsAuthCodes].sort());
  });

  it('shows an entry by hand that the merge takes for its own', () => {
    const byHand = codeBlocks(clusters, 'yaml')[1] ?? '';
    const result = mergeAwsAuthSections({ mapRoles: byHand }, { ...fragment, mapRoles: [] });
    expect(result).toMatchObject({ kind: 'merged', changes: [{ change: 'removed' }] });
  });

  it('explains every finding about users', () => {
    const named = clusters.nodes.map(codeOf).filter((code) => code.startsWith('finding/'));
    expect(named.length).toBeGreaterThan(2);
    expect(findingCodes).toEqual(expect.arrayContaining(named));
  });
});

describe('docs/simulator.md', () => {
  it('explains every link that can be broken', () => {
    expect(namesUnder(simulator, 'Breaking a link')).toEqual(breakableLinks);
  });

  it('shows a prior state that can be loaded, and explains its keys', () => {
    const written: unknown = parse(codeBlocks(simulator, 'yaml')[0] ?? '');
    const keys = leaves(checkPriorState(written)).filter(
      (key) => !/^(?:apiVersion|kind)$/.test(key),
    );
    const documented = namesUnder(simulator, 'The prior state');
    expect([...documented].sort()).toEqual([...new Set(keys)].sort());
  });

  it('explains the keys of workloads, and which kinds have them', () => {
    const [, rows = []] = tablesUnder(simulator, 'The prior state');
    const documented = rows.flatMap(([keys, kinds]) =>
      (keys ? codesOf(keys) : []).map((key) => [key, kindsIn(kinds ? textOf(kinds) : '')]),
    );
    const known = [...new Set(Object.values(priorWorkloads).flatMap(Object.keys))];
    const had = known.map((key) => [key, allKinds.filter((kind) => key in priorWorkloads[kind])]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(had));
  });
});

const priorWorkloads = {
  Deployments: priorDeployment.shape,
  StatefulSets: priorStatefulSet.shape,
  DaemonSets: priorDaemonSet.shape,
  Rollouts: priorRollout.shape,
};
const allKinds = Object.keys(priorWorkloads) as (keyof typeof priorWorkloads)[];

/** `all`, `all but DaemonSets`, or a list. */
function kindsIn(text: string): readonly string[] {
  const but = /^all(?: but (.*))?$/.exec(text);
  return but ? allKinds.filter((kind) => kind !== but[1]) : text.split(', ');
}

/** Paths down to what has no documented parts. */
function leaves(value: unknown, path = ''): readonly string[] {
  const whole = /\.(?:trust|policies|awsAuth|clientIds|namespaces|serviceAccounts)$/;
  // Their keys have a table of their own.
  if (/\.(?:deployments|statefulSets|daemonSets|rollouts)$/.test(path)) return [`${path}[]`];
  if (typeof value !== 'object' || value === null || whole.test(path)) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, `${path}[]`));
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, path === '' ? key : `${path}.${key}`),
  );
}
