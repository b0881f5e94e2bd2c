/** What stands in the ConfigMap of golf-prd, and what is put there. */
export const arn = 'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role';
export const nodes = `# the nodes: never drop
- rolearn: arn:aws:iam::508208880112:role/golf-prd-node
  username: system:node:{{EC2PrivateDNSName}}
  groups: [system:bootstrappers,   system:nodes]
`;
export const people =
  '- {userarn: arn:aws:iam::508208880112:user/admin, username: admin, groups: [system:masters]}\n';
export const own = `# rollcall: fleet grada, ${arn}
- rolearn: "${arn}"
  username: "sts"
  groups: []
`;
export const accounts = '- "508208880112"\n';
export const before = { mapRoles: nodes, mapUsers: people, mapAccounts: accounts };
export const after = { ...before, mapRoles: nodes + own };

export const where = 'context golf-prd, ConfigMap kube-system/aws-auth\n';
