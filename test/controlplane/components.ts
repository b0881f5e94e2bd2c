import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Go module of this folder, with a go.mod and go.sum of its own: they pin all that is built from it. */
export type GoModule =
  | 'argocd'
  | 'argocd-3.3'
  | 'authenticator'
  | 'cert-manager'
  | 'flux'
  | 'helm'
  | 'helm-4'
  | 'helm-controller'
  | 'kubeconform'
  | 'kubernetes'
  | 'kwok'
  | 'registry'
  | 'source-controller'
  | 'tofu';

/** A real program that the e2e tests run. */
export interface Component {
  readonly name: ComponentName;
  readonly module: GoModule;
  /** The package of its `main`. */
  readonly main: string;
  /** The Go module whose version is the program's. */
  readonly source: string;
  /** How to ask it for its version. Default: it doesn't know, as nothing but the build does. */
  readonly asks?: readonly string[];
  /** Files beside the program that it is useless without: folders of `source`, or of another module. */
  readonly data?: readonly Data[];
}

export interface Data {
  /** The folder's name in the cache. */
  readonly name: string;
  /** `module@version` where it isn't the component's own. */
  readonly from?: string;
  readonly folder: string;
}

export type ComponentName =
  | 'argocd'
  | 'aws-iam-authenticator'
  | 'crane'
  | 'etcd'
  | 'helm'
  | 'helm-4'
  | 'helm-controller'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubeconform'
  | 'kubectl'
  | 'kustomize-controller'
  | 'kwok'
  | 'source-controller'
  | 'tofu';

const kubernetes = (name: ComponentName, asks: readonly string[]): Component => ({
  name,
  module: 'kubernetes',
  main: `k8s.io/kubernetes/cmd/${name}`,
  source: 'k8s.io/kubernetes',
  asks,
});

export const components: readonly Component[] = [
  kubernetes('kube-apiserver', ['--version']),
  kubernetes('kube-controller-manager', ['--version']),
  kubernetes('kube-scheduler', ['--version']),
  kubernetes('kubectl', ['version', '--client']),
  {
    name: 'etcd',
    module: 'kubernetes',
    main: 'go.etcd.io/etcd/server/v3',
    source: 'go.etcd.io/etcd/server/v3',
    asks: ['--version'],
  },
  {
    name: 'kwok',
    module: 'kwok',
    main: 'sigs.k8s.io/kwok/cmd/kwok',
    source: 'sigs.k8s.io/kwok',
    data: [{ name: 'stages', folder: 'kustomize/stage' }],
  },
  {
    name: 'aws-iam-authenticator',
    module: 'authenticator',
    main: 'sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator',
    source: 'sigs.k8s.io/aws-iam-authenticator',
  },
  {
    name: 'kubeconform',
    module: 'kubeconform',
    main: 'github.com/yannh/kubeconform/cmd/kubeconform',
    source: 'github.com/yannh/kubeconform',
  },
  { name: 'helm', module: 'helm', main: 'helm.sh/helm/v3/cmd/helm', source: 'helm.sh/helm/v3' },
  {
    name: 'helm-4',
    module: 'helm-4',
    main: 'helm.sh/helm/v4/cmd/helm',
    source: 'helm.sh/helm/v4',
  },
  {
    name: 'kustomize-controller',
    module: 'flux',
    main: 'github.com/fluxcd/kustomize-controller',
    source: 'github.com/fluxcd/kustomize-controller',
    data: [
      { name: 'kustomize-crds', folder: 'config/crd/bases' },
      {
        name: 'source-crds',
        // Its own graph isn't served whole, so it can't be required: the files alone are taken.
        from: 'github.com/fluxcd/source-controller@v1.9.5',
        folder: 'config/crd/bases',
      },
    ],
  },
  {
    name: 'source-controller',
    module: 'source-controller',
    main: 'github.com/fluxcd/source-controller',
    source: 'github.com/fluxcd/source-controller',
    data: [{ name: 'crds', folder: 'config/crd/bases' }],
  },
  {
    name: 'helm-controller',
    module: 'helm-controller',
    main: 'github.com/fluxcd/helm-controller',
    source: 'github.com/fluxcd/helm-controller',
    data: [{ name: 'crds', folder: 'config/crd/bases' }],
  },
  {
    // Whatever part of Argo CD it is called by.
    name: 'argocd',
    module: 'argocd-3.3',
    main: 'github.com/argoproj/argo-cd/v3/cmd',
    source: 'github.com/argoproj/argo-cd/v3',
    data: [{ name: 'crds', folder: 'manifests/crds' }],
  },
  {
    name: 'crane',
    module: 'registry',
    main: 'github.com/google/go-containerregistry/cmd/crane',
    source: 'github.com/google/go-containerregistry',
  },
  {
    name: 'tofu',
    module: 'tofu',
    main: 'github.com/opentofu/opentofu/cmd/tofu',
    source: 'github.com/opentofu/opentofu',
  },
];

/** A cluster's own programs: without what is installed into one, or reads what is written for it. */
export const isOfCluster = ({ module }: Component): boolean =>
  ['authenticator', 'kubernetes', 'kwok'].includes(module);

/** The version that go.mod pins, such as `v1.36.3`. */
export function versionOf({ module, source }: Component): string {
  const line = goMod(module)
    .split('\n')
    .find((one) =>
      one
        .trim()
        .replace(/^require /, '')
        .startsWith(`${source} v`),
    );
  const version = line
    ?.trim()
    .split(' ')
    .find((word) => /^v\d/.test(word));
  if (version === undefined) throw new Error(`${module}/go.mod does not require ${source}`);
  return version;
}

/** What the linker sets: without a version kubectl refuses to talk to the API server. */
function linkerFlags(component: Component): string {
  if (component.source !== 'k8s.io/kubernetes') return '-s -w';
  const version = versionOf(component);
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const sets = Object.entries(values).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  return ['-s', '-w', ...sets].join(' ');
}

/** Of `go`, but for where to. */
export const buildArguments = (component: Component): readonly string[] => [
  ...['build', '-trimpath', '-buildvcs=false', '-mod=readonly'],
  ...['-ldflags', linkerFlags(component)],
];

export const folderOf = (module: GoModule): string => join(import.meta.dirname, module);

const goMod = (module: GoModule): string => readFileSync(join(folderOf(module), 'go.mod'), 'utf8');
