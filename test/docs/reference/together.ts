import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../markdown.ts';

/** A whole app, hub and target: it is compiled and run as it stands. */
export const togetherFile = join(root, 'test/docs/reference/hub-and-target.ts');

/** What stands in docs/constructs.md of it. */
export const togetherSection = (): string => `## A hub and its target

One app with a chart for each cluster. Apply each file to its own: \`kubectl --context ci apply -f dist/ci.k8s.yaml\`, \`kubectl --context golf-prd apply -f dist/golf-prd.k8s.yaml\`.

\`\`\`ts
${readFileSync(togetherFile, 'utf8').replace('../../../src/index.ts', 'rollcall')}\`\`\`

Between the two stands what these objects can’t say, and they work once it is told:

- The hub’s role trusts the ServiceAccount: its trust policy names \`account.subject\`, \`system:serviceaccount:key-restarter:key-restarter\`, and the audience. It may assume the target’s role, and the target’s role trusts it and may \`eks:DescribeCluster\`: [IAM](iam.md).
- The target’s cluster maps the target’s role to the user. By an access entry:

\`\`\`sh
aws eks create-access-entry --cluster-name golf-prd-cluster --region eu-west-1 \\
  --principal-arn arn:aws:iam::508208880112:role/sts-prd-js-encryption-role --username sts
\`\`\`

or by an entry of \`aws-auth\`, which is [merged, never applied](clusters.md#the-aws-auth-entry):

\`\`\`yaml
- rolearn: arn:aws:iam::508208880112:role/sts-prd-js-encryption-role
  username: sts
  groups: []
\`\`\`
`;
