import { AwsError } from './aws-error.ts';

/** White space not counted (IAM user guide, "IAM and AWS STS quotas"). */
const sizes = { ACLSizePerRole: 2048, PolicySize: 6144 } as const;
const inlineSizes = { role: 10_240, user: 2048 } as const;
const policiesPerIdentity = 10;

/** Throws `LimitExceeded` for a document that passes the quota. */
export function requireSize(quota: keyof typeof sizes, document: unknown): void {
  if (sizeOf(document) > sizes[quota]) {
    throw limitExceeded(`Cannot exceed quota for ${quota}: ${sizes[quota]}`);
  }
}

/** The quotas that count over all policies of one identity. */
export class Quotas {
  readonly #inline = new Map<string, Map<string, number>>();

  /** An inline policy is put, in place of one of its name. */
  putInline(arn: string, name: string, document: unknown): void {
    const kind = arn.includes(':user/') ? 'user' : 'role';
    const others = new Map(this.#inline.get(arn)).set(name, sizeOf(document));
    const total = [...others.values()].reduce((sum, size) => sum + size, 0);
    if (total > inlineSizes[kind]) {
      const identity = `${kind} ${arn.slice(arn.lastIndexOf('/') + 1)}`;
      throw limitExceeded(
        `Maximum policy size of ${inlineSizes[kind]} bytes exceeded for ${identity}`,
      );
    }
    this.#inline.set(arn, others);
  }

  /** `policies`: those that the identity has, managed ones by ARN. */
  requireAttachable(policies: ReadonlyMap<string, unknown>, policyArn: string): void {
    const attached = new Set([...policies.keys()].filter((key) => key.startsWith('arn:')));
    if (attached.add(policyArn).size > policiesPerIdentity) {
      throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${policiesPerIdentity}`);
    }
  }
}

const sizeOf = (document: unknown): number => JSON.stringify(document).replace(/\s/g, '').length;

const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, 409);
