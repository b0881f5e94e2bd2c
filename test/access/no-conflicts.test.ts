import { expect, it } from '@jest/globals';
import { migrateIdentities } from '../../src/access/migrate.ts';
import {
  admin,
  app,
  fleetWith,
  golf,
  golf2,
  hub2,
  kiam,
  one,
  problemsOf,
  region,
  two,
  shared,
  hub,
  byKiam,
  type Parts,
} from './support/parts.ts';

it('is no conflict: what only looks like one', () => {
  const sound: Parts = {
    services: [
      { ...one, namespace: 'kube-system', existingNamespace: true },
      {
        ...{ ...two, namespace: 'kube-system', existingNamespace: true },
        ...{ serviceAccount: 'default', existingServiceAccount: true },
      },
      // a namespace of the same name in another cluster, and a role of the same name in another account
      { ...two, name: 'three', cluster: 'hub2', namespace: 'n2', reach: [{ clusters: ['golf'] }] },
      // a role of someone else's that two services use
      { ...two, name: 'four', reach: [{ ...shared, existing: true, kubernetesUser: 'app' }] },
      { ...two, name: 'five', reach: [{ ...shared, existing: true, kubernetesUser: 'app' }] },
    ],
  };
  expect(problemsOf(sound)).toEqual([]);
});

it('is no conflict either: people who share a name, a principal in two clusters, a server of someone else’s for two hubs', () => {
  const agents = { kiam: { ...kiam.kiam, existingServerRole: true } };
  const clusters = [{ ...hub, agents }, { ...hub2, agents }, golf, golf2];
  const people = { username: 'developer', clusters: ['golf', 'golf2'] };
  const sound: Parts = {
    clusters,
    services: [
      { ...one, ...byKiam },
      { ...two, ...byKiam, cluster: 'hub2' },
    ],
    users: [
      { name: 'a', arn: admin, ...people },
      { name: 'b', arn: app, ...people },
      // The same principal as the same user, by another name in the fleet.
      { name: 'c', arn: admin, ...people },
      { name: 'd', role: { name: 'people', trusted: [admin] }, clusters: ['golf', 'golf2'] },
    ],
  };
  expect(problemsOf(sound)).toEqual([]);
});

it('a service moves only to a mechanism that its cluster can have', () => {
  const clusters = [{ name: 'old', account: 'ours', region, agents: kiam }];
  const fleet = fleetWith({ clusters, services: [{ ...one, ...byKiam, cluster: 'old' }] });
  const refused = migrateIdentities(fleet, 'irsa');
  expect(refused).toMatchObject({
    kind: 'invalid',
    problems: [{ code: 'access/migration', path: ['clusters', 0] }],
  });
  expect(migrateIdentities(fleet, 'eks-pod-identity')).toMatchObject({
    kind: 'migrated',
    moved: ['one'],
  });
});

it('is no conflict: a move between ways of which every profile is the same', () => {
  const moving = { podIdentity: 'irsa', migratingFrom: { irsa: { audience: 'a.example.com' } } };
  const services = [{ ...one, awsConfig: true, ...moving, reach: [{ clusters: ['golf'] }] }];
  expect(problemsOf({ services })).toEqual([]);
});
