import { parseRoleArn } from '../names/arn.ts';

/** What an ARN names, as far as the authenticator and EKS make a difference. */
export type Principal =
  | {
      readonly kind: 'role' | 'user';
      readonly partition: string;
      readonly account: string;
      /** `/` or `/team/`. */
      readonly path: string;
      readonly name: string;
    }
  /** A session of a role: what calls has it, and it is never what is compared. */
  | { readonly kind: 'session' }
  /** An account's root user, a federated user, or no ARN of a principal at all. */
  | { readonly kind: 'other' };

const userForm =
  /^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):user(\/(?:[\x21-\x7e]{1,510}\/)?)([\w+=,.@-]{1,64})$/;

export function principalOf(arn: string): Principal {
  const role = parseRoleArn(arn);
  if (role) return { kind: 'role', ...role };
  const [, partition, account, path, name] = userForm.exec(arn) ?? [];
  if (partition && account && path && name) {
    return { kind: 'user', partition, account, path, name };
  }
  return /:assumed-role\//i.test(arn) ? { kind: 'session' } : { kind: 'other' };
}
