import type { k8s } from 'cdk8s-plus-27';

const directory = '/etc/kiam/tls';

/** Where cert-manager's Secret stands in kiam's pods. A whole folder: a `subPath` never changes. */
export const tlsMount: k8s.VolumeMount = { name: 'tls', mountPath: directory, readOnly: true };

/** @param defaultMode who may read it, such as `0o440` */
export const tlsVolume = (secretName: string, defaultMode: number): k8s.Volume => ({
  name: 'tls',
  secret: { secretName, defaultMode },
});

export const tlsFlags: readonly string[] = [
  `--cert=${directory}/tls.crt`,
  `--key=${directory}/tls.key`,
  `--ca=${directory}/ca.crt`,
];
