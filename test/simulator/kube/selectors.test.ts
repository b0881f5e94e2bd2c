import { describe, expect, it } from '@jest/globals';
import { deployments } from '../../../src/simulator/kube/resources.ts';
import { exactName, selectorOf } from '../../../src/simulator/kube/selectors.ts';

const object = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'sts', labels: { app: 'web', tier: 'front', 'a.b/c': '1' } },
};
const selects = (query: Record<string, string>) =>
  selectorOf(new URLSearchParams(query), deployments)(object);

describe('label selectors', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web, tier=front', true],
    ['app=web,tier=back', false],
    ['app!=web', false],
    ['none!=web', true],
    ['app in (api, web)', true],
    ['app in (api),tier', false],
    ['app notin (api, db)', true],
    ['none notin (api)', true],
    ['tier', true],
    ['!tier', false],
    ['!constructor', true],
    ['a.b/c=1', true],
  ])('%j selects: %j', (labelSelector, result) => {
    expect(selects({ labelSelector })).toBe(result);
  });

  it.each(['app in web', '=web', 'app=web)', 'a b'])('%j is refused', (labelSelector) => {
    expect(() => selects({ labelSelector })).toThrow(/unable to parse requirement/);
  });
});

describe('field selectors', () => {
  it.each<[string, boolean, string | undefined]>([
    ['', true, undefined],
    ['metadata.name=web', true, 'web'],
    ['metadata.name==web', true, 'web'],
    ['metadata.name=api', false, 'api'],
    ['metadata.name!=web', false, undefined],
    ['metadata.namespace=sts,metadata.name=web', true, 'web'],
    ['metadata.namespace=other', false, undefined],
  ])('%j selects: %j, and names exactly %j', (fieldSelector, result, name) => {
    expect(selects({ fieldSelector })).toBe(result);
    expect(exactName(fieldSelector)).toBe(name);
  });

  it('refuses other fields', () => {
    expect(() => selects({ fieldSelector: 'spec.replicas=1' })).toThrow(
      'field label not supported: spec.replicas',
    );
  });
});
