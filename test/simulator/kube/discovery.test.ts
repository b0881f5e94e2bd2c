import { describe, expect, it } from '@jest/globals';
import { resourceTypes } from '../../../src/simulator/kube/resources.ts';
import { TestCluster } from './support.ts';

const cluster = new TestCluster({ argoRollouts: true });
const get = async (path: string, accept?: string) =>
  cluster.json('GET', path, { as: 'stranger', headers: accept === undefined ? {} : { accept } });

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface Discovered {
  readonly groupVersion: string;
  readonly resources: readonly Resource[];
}

async function discoverAll(): Promise<readonly Discovered[]> {
  const { groups } = (await get('/apis')).body as unknown as {
    groups: { preferredVersion: { groupVersion: string } }[];
  };
  const paths = [
    '/api/v1',
    ...groups.map((group) => `/apis/${group.preferredVersion.groupVersion}`),
  ];
  return Promise.all(paths.map(async (path) => (await get(path)).body as unknown as Discovered));
}

describe('discovery', () => {
  it('tells of every kind, and every path that it tells of is served', async () => {
    const lists = await discoverAll();
    const kinds = lists.flatMap(({ resources }) => resources.map(({ kind }) => kind));
    for (const { kind } of resourceTypes) expect(kinds).toContain(kind);
    for (const { groupVersion, resources } of lists)
      for (const { name, namespaced, verbs } of resources) {
        if (name.includes('/') || !verbs.includes('list')) continue;
        const root = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
        const path = `${root}${namespaced ? '/namespaces/default' : ''}/${name}`;
        expect([path, (await cluster.call('GET', path)).status]).toEqual([path, 200]);
      }
  });

  it('names what kubectl calls things by', async () => {
    const { body } = await get('/apis/apps/v1');
    expect(body).toMatchObject({
      kind: 'APIResourceList',
      groupVersion: 'apps/v1',
    });
    const { resources } = body as unknown as Discovered;
    expect(resources).toEqual(
      expect.arrayContaining(
        [
          {
            name: 'deployments',
            singularName: 'deployment',
            namespaced: true,
            kind: 'Deployment',
            shortNames: ['deploy'],
            categories: ['all'],
          },
          { name: 'deployments/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' },
          { name: 'deployments/status', kind: 'Deployment', verbs: ['get', 'patch', 'update'] },
          { name: 'replicasets', shortNames: ['rs'], verbs: ['get', 'list', 'watch'] },
        ].map((one) => expect.objectContaining(one) as unknown),
      ),
    );
  });

  it('knows Rollouts once their CustomResourceDefinition is there', async () => {
    const bare = new TestCluster();
    const found = async () => {
      const { status } = await bare.json('GET', '/apis/argoproj.io/v1alpha1/rollouts');
      return [status, (await bare.json('GET', '/apis/argoproj.io/v1alpha1')).status];
    };
    expect(await found()).toEqual([404, 404]);
    bare.kube.addRollout({ namespace: 'sts', name: 'web', replicas: 1, rolloutSeconds: 1 });
    expect(await found()).toEqual([200, 200]);
  });

  it('in one answer says the same as group by group', async () => {
    const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const accept = `${aggregated},application/json`;
    const told = await Promise.all(['/api', '/apis'].map((path) => get(path, accept)));
    for (const { headers } of told) expect(headers['content-type']).toBe(aggregated);
    interface Item {
      readonly metadata: { readonly name?: string };
      readonly versions: readonly {
        readonly version: string;
        readonly resources: readonly {
          readonly resource: string;
          readonly subresources?: readonly { readonly subresource: string }[];
        }[];
      }[];
    }
    const found = told
      .flatMap(({ body }) => (body as unknown as { items: readonly Item[] }).items)
      .flatMap(({ metadata, versions }) =>
        versions.flatMap(({ version, resources }) =>
          resources.flatMap(({ resource, subresources = [] }) =>
            [resource, ...subresources.map((sub) => `${resource}/${sub.subresource}`)].map(
              (name) => [metadata.name, version].filter(Boolean).join('/') + ` ${name}`,
            ),
          ),
        ),
      );
    const plain = (await discoverAll()).flatMap(({ groupVersion, resources }) =>
      resources.map(({ name }) => `${groupVersion} ${name}`),
    );
    expect(found.sort()).toEqual(plain.sort());
  });

  it.each(['/apis/nothing', '/apis/apps/v2', '/api/v2', '/apis/apps/v1beta1', '/openapi/v3/x'])(
    '%s is 404',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('of OpenAPI tells that field validation is the server’s, for every kind that is written', async () => {
    const { paths } = (await get('/openapi/v3')).body as unknown as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    const documents = await Promise.all(
      Object.values(paths).map(
        async ({ serverRelativeURL }) => (await get(serverRelativeURL)).body,
      ),
    );
    const operations = documents.flatMap((document) =>
      Object.values((document as unknown as { paths: Record<string, { patch: unknown }> }).paths),
    );
    expect(operations).toHaveLength(
      resourceTypes.filter(({ verbs }) => verbs.includes('patch')).length,
    );
    for (const { patch } of operations)
      expect(JSON.stringify(patch)).toContain('{"name":"fieldValidation","in":"query"');
  });

  it('is of Kubernetes 1.36', async () => {
    expect((await get('/version')).body).toMatchObject({ major: '1', minor: '36' });
  });
});
