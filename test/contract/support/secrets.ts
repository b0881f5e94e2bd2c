import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedFleet } from '../../../src/demo/simulated-fleet.ts';
import type { Traces } from './job.ts';

/** In every presigned URL, and before every EKS token. */
const marks = new Map([
  ['X-Amz-Signature', 'a presigned URL'],
  ['k8s-aws-v1.', 'an EKS token'],
]);

/** All that must never be shown: what STS issues from here on, and the tokens of the pods. */
export class Secrets {
  readonly #fleet: SimulatedFleet;
  readonly #issued = new Map<string, string>();

  constructor(fleet: SimulatedFleet) {
    this.#fleet = fleet;
    const { sessions } = fleet.world;
    const issue = sessions.issue.bind(sessions);
    sessions.issue = (role, name, durationSeconds) => {
      const session = issue(role, name, durationSeconds);
      const { secretAccessKey, sessionToken } = session.credentials;
      this.#issued.set(secretAccessKey, `a secret access key of ${role.name}`);
      this.#issued.set(sessionToken, `a session token of ${role.name}`);
      return session;
    };
  }

  /** What is of use to whoever has it, and what it is. */
  get whole(): ReadonlyMap<string, string> {
    return new Map([...this.#issued, ...this.#podTokens()]);
  }

  /** And parts of those: a JWT's signature (its claims are no secret), a presigned URL's parameter. */
  get all(): ReadonlyMap<string, string> {
    const signatures = this.#podTokens().map(
      ([token, what]) => [token.split('.')[2] ?? '', `the signature of ${what}`] as const,
    );
    return new Map([...marks, ...this.whole, ...signatures]);
  }

  /** `a session token of R in the stdout of job 2`, for each. */
  leaks(jobs: readonly Traces[]): readonly string[] {
    const places = jobs.flatMap((traces, index) =>
      Object.entries(traces as Readonly<Record<keyof Traces, string>>).map(
        ([place, text]) => [`the ${place} of job ${index + 1}`, text] as const,
      ),
    );
    return [...places, ...this.#configMaps()].flatMap(([place, text]) =>
      [...this.all]
        .filter(([secret]) => text.includes(secret))
        .map(([, what]) => `${what} in ${place}`),
    );
  }

  /** The ConfigMaps that were generated for hubs, as they stand now. */
  #configMaps(): readonly (readonly [place: string, text: string])[] {
    return [...this.#fleet.world.clusters.values()].flatMap(({ manifests, kube }) =>
      manifests
        .filter(({ kind }) => kind === 'ConfigMap')
        .map(({ metadata: { namespace, name } }) => {
          const object = kube.read('ConfigMap', namespace, name);
          return [`the ConfigMap ${name}`, JSON.stringify(object)] as const;
        }),
    );
  }

  #podTokens(): readonly (readonly [secret: string, what: string])[] {
    const { folder } = this.#fleet;
    const pods = readdirSync(folder).filter((name) => name.startsWith('pod-'));
    return pods.flatMap((pod) =>
      ['token', 'web-identity-token'].map((file) => {
        const token = readFileSync(join(folder, pod, file), 'utf8');
        if (token.split('.').length !== 3) throw new Error(`${pod}/${file} holds no token`);
        return [token, `the ${file} of ${pod}`] as const;
      }),
    );
  }
}
