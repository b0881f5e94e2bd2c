import type { User } from '../fleet/model.ts';
import { identityCenterFault, lacksIdentityCenterPath } from '../names/identity-center.ts';
import type { Finding } from './findings.ts';

/** Where EKS or IAM look the role up it is an error; `aws-auth` does not, until the cluster leaves it. */
export const rolePaths = ({ principal, path }: User): readonly Finding[] =>
  principal.kind === 'existing' && lacksIdentityCenterPath(principal.arn)
    ? [
        {
          code: 'finding/role-path',
          path: [...path, 'arn'],
          ...identityCenterFault(principal.arn),
        },
      ]
    : [];
