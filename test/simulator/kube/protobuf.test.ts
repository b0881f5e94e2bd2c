import { describe, expect, it } from '@jest/globals';
import { fromProtobuf } from '../../../src/simulator/kube/protobuf-kinds.ts';
import { TestCluster } from './support.ts';

/** A field of a message; messages here are shorter than 128 bytes. */
const field = (number: number, value: string | Buffer | number): Buffer => {
  if (typeof value === 'number') return Buffer.from([number << 3, value]);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const join = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);
const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  join(
    Buffer.from('k8s\0'),
    field(1, join(field(1, apiVersion), field(2, kind))),
    field(2, raw),
    field(3, ''),
    field(4, ''),
  );
const entry = (key: string, value: string): Buffer => join(field(1, key), field(2, value));

const configMap = join(
  field(1, join(field(1, 'a'), field(2, ''), field(7, 0), field(8, ''))),
  field(2, entry('x', '1')),
  field(2, entry('y', '')),
);

describe('protobuf', () => {
  it('is read as the JSON that it stands for; what is empty is left out', () => {
    expect(fromProtobuf(envelope('v1', 'ConfigMap', configMap))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { x: '1', y: '' },
    });
  });

  it('reads numbers, flags, and lists of messages', () => {
    const container = join(field(1, 'c'), field(2, 'i'), field(3, 'run'), field(3, 'it'));
    const template = field(2, join(field(2, container), field(2, container)));
    const spec = join(field(1, 3), field(3, template), field(4, field(1, '')));
    const raw = join(field(1, field(1, 'd')), field(2, spec), field(3, field(1, 0)));
    const { spec: read } = fromProtobuf(envelope('apps/v1', 'Deployment', raw));
    const both = { name: 'c', image: 'i', command: ['run', 'it'] };
    expect(read).toEqual({
      replicas: 3,
      template: { spec: { containers: [both, both] } },
      strategy: {},
    });
  });

  it.each<[string, Buffer]>([
    ['no envelope', Buffer.from('{}')],
    ['an unknown kind', envelope('v1', 'Secret', configMap)],
    ['an unknown field', envelope('v1', 'ConfigMap', join(configMap, field(9, 'x')))],
    ['a length beyond the end', envelope('v1', 'ConfigMap', Buffer.from([10, 99, 1]))],
    ['a number without an end', envelope('v1', 'ConfigMap', Buffer.alloc(20, 0xff))],
  ])('with %s is refused by 400', async (_, bytes) => {
    const answer = await new TestCluster()
      .add('web')
      .json('POST', '/api/v1/namespaces/sts/configmaps', {
        headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
        body: bytes.toString('latin1'),
      });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(/can't be read as protobuf: .*; send JSON or YAML/);
  });

  it('asks for a review', async () => {
    const attributes = join(
      field(1, 'sts'),
      field(2, 'patch'),
      field(3, 'apps'),
      field(5, 'deployments'),
    );
    const raw = join(field(1, field(1, '')), field(2, field(1, attributes)), field(3, field(1, 0)));
    const { status, body } = await new TestCluster().json(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
        body: envelope('authorization.k8s.io/v1', 'SelfSubjectAccessReview', raw).toString(
          'latin1',
        ),
      },
    );
    expect([status, body]).toMatchObject([
      201,
      {
        spec: { resourceAttributes: { namespace: 'sts', verb: 'patch', resource: 'deployments' } },
        status: { allowed: true },
      },
    ]);
  });
});
