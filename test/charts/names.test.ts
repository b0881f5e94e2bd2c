import { describe, expect, it } from '@jest/globals';
import type { FleetModel } from '../access/support/fleet-arbitrary.ts';
import { fleetOf } from '../access/support/plan.ts';
import { outputOf } from './support/examples.ts';
import { kubeViolations } from './support/kube-violations.ts';
import { objectsOf } from './support/objects.ts';

const region = 'eu-west-1';
const hub = { name: 'hub', account: 'ours', region, oidcIssuer: 'https://oidc.example.com/id/1' };
const service = (name: string, role = `target-${name}`) => ({
  name,
  env: 'prd',
  cluster: 'hub',
  namespace: 'n',
  existingNamespace: false,
  reach: [{ clusters: ['hub'], role }],
});
const restart = (name: string, of: string, namespace: string) => ({
  name,
  service: of,
  schedule: '15 2 * * 1',
  clusters: ['hub'],
  workloads: [{ namespace, names: ['w'] }],
});

const fleet = (more: Pick<FleetModel, 'services' | 'restarts'>): string =>
  JSON.stringify({
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'fleet',
    image: 'registry.example.com/rollcall:0.1.0',
    accounts: { ours: '000000000001' },
    clusters: [hub],
    ...more,
  });

describe('names that are joined don’t run into each other', () => {
  const rolesOf = (text: string): readonly string[] => {
    const files = outputOf(text);
    expect(kubeViolations(files, fleetOf(text))).toEqual([]);
    return files
      .filter(({ path }) => path.startsWith('hub/'))
      .flatMap((file) => objectsOf(file.text))
      .filter(({ kind }) => kind === 'Role')
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  };

  it('a-b in c, and a in b-c', () => {
    const services = [service('a-b'), service('a')];
    const restarts = [restart('r1', 'a-b', 'c'), restart('r2', 'a', 'b-c')];
    expect(rolesOf(fleet({ services, restarts }))).toEqual(
      expect.arrayContaining(['c/rollcall:fleet:a-b', 'b-c/rollcall:fleet:a']),
    );
  });

  it('the right to restart, and the right to the run record', () => {
    const services = [service('a-record')];
    const restarts = [restart('rollcall-a', 'a-record', 'n')];
    expect(rolesOf(fleet({ services, restarts })).toSorted()).toEqual([
      'n/rollcall-a-record',
      'n/rollcall:fleet:a-record',
    ]);
  });

  it('two fleets that restart in one namespace', () => {
    const text = fleet({ services: [service('a')], restarts: [restart('r', 'a', 'n')] });
    const other = text.replace('"name":"fleet"', '"name":"other"');
    expect(rolesOf(other)).toContain('n/rollcall:other:a');
    expect(rolesOf(text)).not.toContain('n/rollcall:other:a');
  });
});
