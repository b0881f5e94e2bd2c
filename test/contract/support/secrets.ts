import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../laboratory.ts';
import type { Traces } from './job.ts';

/** In every presigned URL, and before every EKS token. */
const marks = new Map([
  ['X-Amz-Signature', 'a presigned URL'],
  ['k8s-aws-v1.', 'an EKS token'],
]);

/** All that must never be shown: what STS issues from here on, and the tokens of the pods. */
export class Secrets {
  readonly #lab: Lab;
  readonly #issued = new Map<string, string>();

  constructor(lab: Lab) {
    this.#lab = lab;
    const { sessions } = lab.world;
    const issue = sessions.issue.bind(sessions);
    sessions.issue = (role, name, durationSeconds, details) => {
      const session = issue(role, name, durationSeconds, details);
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
  async leaks(jobs: readonly Traces[]): Promise<readonly string[]> {
    const places = jobs.flatMap((traces, index) =>
      Object.entries(traces as Readonly<Record<keyof Traces, string>>).map(
        ([place, text]) => [`the ${place} of job ${index + 1}`, text] as const,
      ),
    );
    return [...places, ...(await this.#configMaps())].flatMap(([place, text]) =>
      [...this.all]
        .filter(([secret]) => text.includes(secret))
        .map(([, what]) => `${what} in ${place}`),
    );
  }

  /** The ConfigMaps that were generated for hubs, as they stand now. */
  async #configMaps(): Promise<readonly (readonly [place: string, text: string])[]> {
    const generated = [...this.#lab.world.clusters.values()].flatMap(
      ({ name: cluster, manifests }) =>
        manifests
          .filter(({ kind }) => kind === 'ConfigMap')
          .map(({ metadata }) => ({ cluster, ...metadata })),
    );
    return Promise.all(
      generated.map(async ({ cluster, namespace = '', name }) => {
        const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
        const { body } = await this.#lab.admin(cluster, { path });
        return [`the ConfigMap ${name}`, JSON.stringify(body)] as const;
      }),
    );
  }

  #podTokens(): readonly (readonly [secret: string, what: string])[] {
    const { folder } = this.#lab;
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
