import { labels } from './support/own-app.ts';

/** What a test reads of a DaemonSet. */
interface DaemonSet {
  readonly spec: {
    readonly template: {
      readonly spec: Readonly<Record<string, unknown>> & {
        readonly containers: readonly { readonly args: readonly string[] }[];
      };
    };
  };
}
export const podSpec = (daemonSet: unknown) => (daemonSet as DaemonSet).spec.template.spec;
export const args = (daemonSet: unknown) => podSpec(daemonSet).containers[0]?.args ?? [];

export const common = { fleet: 'fleet', namespace: 'iam' };
/** Of the agent's pods, or the server's. */
export const selector = (part: string) => ({
  'app.kubernetes.io/name': 'kiam',
  'app.kubernetes.io/instance': `kiam-${part}`,
  'app.kubernetes.io/component': part,
});
export const metadata = (part: string) => ({
  name: `kiam-${part}`,
  namespace: 'iam',
  labels: labels('kiam', `kiam-${part}`, part),
});
export const tls = [
  '--cert=/etc/kiam/tls/tls.crt',
  '--key=/etc/kiam/tls/tls.key',
  '--ca=/etc/kiam/tls/ca.crt',
];
export const tlsMount = { name: 'tls', mountPath: '/etc/kiam/tls', readOnly: true };
