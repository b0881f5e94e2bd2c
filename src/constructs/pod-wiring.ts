import type { k8s } from 'cdk8s-plus-27';
import type { PodWiring } from '../identities/mechanism.ts';

/** The environment of a container that has the identity. */
export const wiringEnv = ({ env }: Pick<PodWiring, 'env'>): k8s.EnvVar[] =>
  Object.entries(env).map(([name, value]) => ({ name, value }));

/** The projected token, where no webhook adds it. */
export const tokenVolume = ({ token }: Pick<PodWiring, 'token'>): k8s.Volume[] =>
  token
    ? [
        {
          name: token.volume,
          projected: {
            sources: [
              {
                serviceAccountToken: {
                  audience: token.audience,
                  expirationSeconds: token.expirationSeconds,
                  path: token.path,
                },
              },
            ],
          },
        },
      ]
    : [];

export const tokenMount = ({ token }: Pick<PodWiring, 'token'>): k8s.VolumeMount[] =>
  token ? [{ name: token.volume, mountPath: token.mountPath, readOnly: true }] : [];
