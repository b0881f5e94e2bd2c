import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { Yaml } from 'cdk8s';
import { PropsError } from '../../src/index.ts';
import { library, ownChart, ownRole, restartProps, targetRole } from './support/library.ts';

const hostile = [
  '"; rm -rf / #',
  'a\nb: c',
  '{{ .Values.secret }}',
  '{env}',
  '$(HOME)',
  '${HOME}',
  '../ up',
  "o'clock",
  '\u202eabc',
  '\u0007',
  'UPPER CASE',
  '',
];

type Props = Readonly<Record<string, unknown>>;
const [target] = restartProps.targets;
const [group] = restartProps.workloads;

/** Texts of the restart's props, by the place at which a problem with them is said. */
const ofRestart: Readonly<Record<string, (text: string) => Props>> = {
  name: (name) => ({ name }),
  fleet: (fleet) => ({ fleet }),
  namespace: (namespace) => ({ namespace }),
  region: (region) => ({ region }),
  image: (image) => ({ image }),
  schedule: (schedule) => ({ schedule }),
  timeZone: (timeZone) => ({ timeZone }),
  'identity.kind': (kind) => ({ identity: { kind, roleArn: ownRole } }),
  'identity.roleArn': (text) => ({ identity: { kind: 'irsa', roleArn: `${ownRole}/${text}` } }),
  'identity.serviceAccount': (serviceAccount) => ({
    identity: { kind: 'irsa', roleArn: ownRole, serviceAccount },
  }),
  'identity.namespace': (namespace) => ({
    identity: { kind: 'kiam', roleArn: ownRole, namespace },
  }),
  'identity.audience': (audience) => ({ identity: { kind: 'irsa', roleArn: ownRole, audience } }),
  'targets[0].name': (name) => ({ targets: [{ ...target, name }] }),
  'targets[0].eksCluster': (eksCluster) => ({ targets: [{ ...target, eksCluster }] }),
  'targets[0].region': (region) => ({ targets: [{ ...target, region }] }),
  'targets[0].roleArn': (text) => ({ targets: [{ ...target, roleArn: `${targetRole}/${text}` }] }),
  'targets[0].externalId': (externalId) => ({ targets: [{ ...target, externalId }] }),
  'targets[0].connection.endpoint': (endpoint) => ({
    targets: [{ ...target, connection: { endpoint, certificateAuthority: 'AAAA' } }],
  }),
  'workloads[0].namespace': (namespace) => ({ workloads: [{ ...group, namespace }] }),
  'workloads[0].names[0]': (name) => ({ workloads: [{ ...group, names: [name] }] }),
  'workloads[0].kind': (kind) => ({ workloads: [{ ...group, kind }] }),
  'strategy.timeout': (timeout) => ({ strategy: { timeout } }),
  'strategy.waves[0].name': (name) => ({ strategy: { waves: [{ name }] } }),
};

/** Texts of the other constructs', under the name of the construct. */
const ofOthers: readonly (readonly [string, string, (text: string) => Props])[] = [
  ['CrossAccountAccess', 'name', (name) => ({ name })],
  ['CrossAccountAccess', 'fleet', (fleet) => ({ fleet })],
  ['CrossAccountAccess', 'workloads[0].names[0]', ofRestart['workloads[0].names[0]'] ?? Object],
  ['IdentityServiceAccount', 'name', (name) => ({ name, service: 'service' })],
  ['IdentityServiceAccount', 'namespace', (namespace) => ({ namespace })],
  ['IrsaServiceAccount', 'roleArn', (text) => ({ roleArn: `${ownRole}/${text}` })],
  ['IrsaServiceAccount', 'audience', (audience) => ({ audience })],
  ['IrsaServiceAccount', 'tokenExpiration', (tokenExpiration) => ({ tokenExpiration })],
  ['PodIdentityServiceAccount', 'targetRoleArn', (targetRoleArn) => ({ targetRoleArn })],
  ['KeptNamespace', 'name', (name) => ({ name })],
  ['KeptNamespace', 'podSecurity', (podSecurity) => ({ podSecurity })],
  ['KiamNamespace', 'roles[0]', (text) => ({ roles: [`${ownRole}/${text}`] })],
  ['KiamNamespace', 'version', (version) => ({ version })],
  ['Kube2iamNamespace', 'roles[0]', (text) => ({ roles: [`${ownRole}/${text}`] })],
  ['Kube2iamNamespace', 'format', (format) => ({ format })],
];

const cases = [
  ...Object.entries(ofRestart).map(([prop, props]) => ['RestartCronJob', prop, props] as const),
  ...ofOthers,
];

/** What is said of a construct with some props changed; undefined where nothing is. */
function errorOf(name: string, changed: Props): unknown {
  const sample = library[name];
  if (!sample) throw new Error(`no construct ${name}`);
  try {
    const chart = ownChart();
    sample.make(chart, 'made', { ...sample.props, ...changed });
    const objects = chart.toJson() as object[];
    const read = parseAllDocuments(Yaml.stringify(...objects)).map((one) => one.toJS() as unknown);
    expect(read).toEqual(objects);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each(cases)('%s, %s', (name, prop, props) => {
  it.each(hostile)('refuses %j, and says so on a terminal that it can’t steer', (text) => {
    const error = errorOf(name, props(text));
    if (!(error instanceof PropsError)) throw new Error(`no PropsError: ${String(error)}`);
    expect(error.problems.map((one) => one.prop)).toContain(prop);
    expect(error.message).not.toMatch(/[^\P{C}\n]/u);
  });

  it('takes any text, or refuses it by a rule', () => {
    const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme-ascii' }));
    fc.assert(
      fc.property(texts, (text) => {
        const error = errorOf(name, props(text));
        if (error !== undefined) expect(error).toBeInstanceOf(PropsError);
      }),
      { numRuns: 20 },
    );
  });
});

it.each([undefined, null, 5, 'text', [], {}, () => 1])(
  'from JavaScript, %p in place of any prop is taken or refused by a rule',
  (value) => {
    for (const [name, { props }] of Object.entries(library)) {
      for (const key of Object.keys(props)) {
        const error = errorOf(name, { [key]: value });
        if (error !== undefined)
          expect([name, key, error]).toEqual([name, key, expect.any(PropsError)]);
      }
    }
  },
);
