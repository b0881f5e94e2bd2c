import { changed } from './support.ts';

type Case = readonly [from: string, to: string, ...faults: string[]];

/** A sound fleet file that uses every key of delivery, and of infrastructure. */
export const deliveryFleet = changed(
  'clusters:\n  - name: ci\n',
  `delivery:
  path: ./fleet/dist
  git: {url: "ssh://git@github.com:22/team/fleet.git", branch: main/v1, secret: deploy-key}
  flux:
    source: {kind: GitRepository, name: fleet, namespace: flux}
    interval: 5m
    retryInterval: 30s
    timeout: 10m
    prune: false
    serviceAccountName: fleet
    adminServiceAccountName: admin
    via: helm
    registry: oci://registry.example.com:5000/team/charts
  argocd: {namespace: gitops}
  kustomize: {overlayLabels: [env, wave], components: ./own/parts}
clusters:
  - name: ci
    infrastructure: {cert-manager: existing, calico: install, kube-prometheus-stack: install}
`,
);

const url = (text: string): Case => [
  '"ssh://git@github.com:22/team/fleet.git"',
  `§${JSON.stringify(text)}`,
  'fleet/repository',
];
const branch = (text: string): Case => ['main/v1', `§${JSON.stringify(text)}`, 'fleet/repository'];
const path = (text: string): Case => [
  './fleet/dist',
  `§${JSON.stringify(text)}`,
  'fleet/repository',
];
const registry = (text: string): Case => [
  'oci://registry.example.com:5000/team/charts',
  `§${JSON.stringify(text)}`,
  'fleet/repository',
];

/** What is changed in that file, and the faults that this alone makes; each is expected at its `§`. */
export const deliveryCases: readonly Case[] = [
  ['retryInterval', '§retryIntervall', 'fleet/unknown-key'],
  ['interval: 5m', 'interval: §300', 'fleet/duration'],
  ['retryInterval: 30s', 'retryInterval: §1h30m', 'fleet/duration'],
  ['prune: false', 'prune: §"no"', 'fleet/wrong-type'],
  ['via: helm', 'via: §charts', 'fleet/unknown-value'],
  ['calico: install', 'calico: §true', 'fleet/unknown-value'],
  ['calico: install', '§cilium: install', 'fleet/unknown-key'],
  ['[env, wave]', '§[]', 'fleet/empty'],
  ['secret: deploy-key', 'secret: §"../key"', 'fleet/name'],
  ['name: fleet, namespace', 'name: §"a/b", namespace', 'fleet/name'],
  ['{namespace: gitops}', '{namespace: §"argo.cd"}', 'fleet/name'],
  ['serviceAccountName: fleet', 'serviceAccountName: §"system:admin"', 'fleet/name'],
  url('git@github.com:team/fleet.git'),
  url('http://github.com/team/fleet'),
  url('file:///etc'),
  url('https://user:secret@github.com/team/fleet'),
  url('https://github.com/team/../fleet'),
  url('https://github.com/team/fleet?token=x'),
  url('https://github.com/{{.cluster}}'),
  url('https://github.com/a\nb: c'),
  url('ssh://-oProxyCommand=x/y'),
  url('ssh://git@-host/y'),
  branch('-main'),
  branch('a..b'),
  branch('a//b'),
  branch('a.lock'),
  branch('a/.b'),
  branch('{{.path}}'),
  branch('a b'),
  branch('a\u202eb'),
  path('../fleet'),
  path('fleet/../..'),
  path('/fleet'),
  path('fleet//dist'),
  path('fleet/./dist'),
  path(''),
  path('a: b'),
  path('$(id)'),
  ['./own/parts', '§"../parts"', 'fleet/repository'],
  registry('registry.example.com/charts'),
  registry('https://registry.example.com/charts'),
  registry('oci://registry.example.com/Charts'),
  registry('oci://registry.example.com/../charts'),
  registry('oci://user@registry.example.com/charts'),
  ['[env, wave]', '[env, §env]', 'fleet/repeated'],
  ['[env, wave]', '[env, §wawe]', 'fleet/delivery'],
  ['kind: GitRepository', 'kind: §Bucket', 'fleet/delivery'],
  ['    serviceAccountName: fleet\n', '', 'fleet/delivery 20:10'],
  ['    via: helm\n    registry', '    §registry', 'fleet/misplaced-key'],
  ['overlayLabels: [env, wave], components', '§components', 'fleet/misplaced-key'],
];

/** What is changed in that file, which stays sound. */
export const soundDeliveries: readonly (readonly [from: string, to: string])[] = [
  ['./fleet/dist', './'],
  ['./fleet/dist', '.'],
  ['./fleet/dist', 'fleet/.dist/a_b~c'],
  ['main/v1', 'release-1.2/x_y'],
  ['"ssh://git@github.com:22/team/fleet.git"', 'https://git.example.com/team/fleet'],
  ['oci://registry.example.com:5000/team/charts', 'oci://registry.example.com'],
  ['    via: helm\n    registry: oci://registry.example.com:5000/team/charts\n', ''],
  ['calico: install, ', ''],
];

export const changedDelivery = (from: string, to: string): string =>
  changed(from, to, deliveryFleet);
