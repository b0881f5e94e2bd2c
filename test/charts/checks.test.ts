import { describe, expect, it } from '@jest/globals';
import { fleetOf } from '../access/support/plan.ts';
import { exampleText, outputOf, type Example } from './support/examples.ts';
import { violations } from './support/violations.ts';

type Change = readonly [from: string, to: string];

/** An example's output with one thing changed everywhere is against the rules in a way that it was not. */
function sees(example: Example, changes: readonly Change[]): void {
  describe(`the checks see in ${example}`, () => {
    const fleet = fleetOf(exampleText(example));
    const output = outputOf(exampleText(example));
    const before = new Set(violations(output, fleet));
    it.each(changes)('%j → %j', (from, to) => {
      expect(output.some(({ text }) => text.includes(from))).toBe(true);
      const broken = output.map((file) => ({ ...file, text: file.text.replaceAll(from, to) }));
      expect(violations(broken, fleet).filter((one) => !before.has(one))).not.toEqual([]);
    });
  });
}

sees('two-partitions', [
  ['- patch', "- '*'"],
  ['- deployments', '- secrets'],
  ['- get', '- delete'],
  ['    resourceNames:\n      - cart\n      - checkout\n', ''],
  ['kind: Role\n', 'kind: ClusterRole\n'],
  ['kind: RoleBinding', 'kind: ConfigMap'],
  ['part-of: atlas', 'part-of: a b'],
  ['part-of: atlas', 'part-of: 1e3'],
  ['part-of: atlas', 'part-of: 0o17'],
  ['namespace: shop', 'namespace: Shop'],
  ['  namespace: shop\n', ''],
  ['  policyTypes:', '  ingress: []\n  policyTypes:'],
  ['name: platform', 'name: kube-system'],
  ['after-certificate-plan', 'aws-auth'],
  ['name: rollcall:atlas:key-restarter-prd', 'name: system:masters'],
  ['name: rollcall:atlas:key-restarter-prd', 'name: rollcall:other-prd'],
  ['role/eks-key-restarter-prd', 'role/*'],
  ['role/eks-key-restarter-prd', 'user/x'],
  ['cluster/shop-stg', 'cluster/*'],
  ['"sts:AssumeRole"', '"sts:*"'],
  [
    ':sub": "system:serviceaccount:platform:key-restarter"',
    ':sub": "system:serviceaccount:platform:*"',
  ],
  [
    ':sub": "system:serviceaccount:platform:key-restarter"',
    ':sub": ["system:serviceaccount:platform:key-restarter", "system:serviceaccount:a:b"]',
  ],
  [':aud"', ':azp"'],
  [':aud": "sts.amazonaws.com"', ':aud": "sts.example.com"'],
  ['"StringEquals"', '"StringLike"'],
  ['arn:aws:iam::000000000010:oidc-provider/', 'arn:aws:iam::000000000010:oidc-provider/x.'],
  ['arn:aws:iam::000000000010:oidc-provider/', 'arn:aws:iam::000000000099:oidc-provider/'],
  ['groups: []', 'groups: [system:masters]'],
  ['role/eks', 'role/path/eks'],
  ['enforce: restricted', 'enforce: privileged'],
  ['kustomize.toolkit.fluxcd.io/prune: disabled', 'kustomize.toolkit.fluxcd.io/prune: enabled'],
  ['runAsNonRoot: true', 'runAsNonRoot: false'],
  ['runAsUser: 65532', 'runAsUser: 0'],
  ['  privileged: false', '  privileged: true'],
  ['- ALL', '- NET_RAW'],
  ['readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false'],
  ['enableServiceLinks: false', 'hostPID: true'],
  ['type: RuntimeDefault', 'type: Unconfined'],
  ['registry.example.com', '/tmp/registry.example.com'],
  ['fieldRef:', 'secretKeyRef:'],
]);

/** What no plan asks for. */
sees('strategy', [
  ['"diagnostics":true', '"diagnostics":false'],
  ['"evictOnDelete":true', '"evictOnDelete":false'],
  ['"argoRollouts":true', '"argoRollouts":false'],
  ['"selector":{"app.kubernetes.io/part-of":"keys"}', '"name":"x"'],
  ['"kind":"job"', '"kind":"approval"'],
  ['"name":"probes"', '"name":"other"'],
  ['"namespace":"monitoring",', ''],
  ['"resource":"nodes"', '"resource":"pods"'],
  ['"lease":"by-hand-lock"', '"lease":"lock"'],
  ['- key-store\n', '- key-store\n      - other\n'],
  ['- hub-gateway', '- other'],
  ['- argoproj.io', '- apps'],
  ['- pods/eviction', '- pods/exec'],
  ['- create', '- delete'],
  ['- jobs', '- cronjobs'],
  ['kind: ClusterRole\n', 'kind: Role\n'],
]);

/** What a service's own policies ask for, and no more. */
sees('seed-001', [
  ['"autoscaling:SetDesiredCapacity"', '"autoscaling:*"'],
  ['"s3:PutObject"', '"iam:PassRole"'],
  ['arn:aws:s3:::uploads-111122223333-prd/*', 'arn:aws:s3:::*'],
  ['"aws:ResourceTag/k8s.io/cluster-autoscaler/singapore": "owned"', '"aws:x": "owned"'],
  ['"StringEquals": {\n          "aws:ResourceTag', '"StringLike": {\n          "aws:ResourceTag'],
  ['"ec2:DescribeImages",\n', ''],
  ['set -euo pipefail', 'set -euo pipefail; if'],
  ['apiVersion: "eksctl.io/v1alpha5"', 'apiVersion: "eksctl.io/v1alpha5'],
  ['"Fleet": "isolation"', '"Fleet": isolation'],
  ['"source": "hashicorp/aws"', '"source": hashicorp/aws'],
  ['reports-111122223333-prd', 'reports-{account}-prd'],
]);

/** kiam: its server is no more than any pod, and only its agent is on the host's network. */
sees('seed-002', [
  ['cert-manager.io/v1', 'cert-manager.io/v1alpha2'],
  ['kind: Issuer\n', 'kind: ClusterIssuer\n'],
  ['isCA: true', 'isCA: false'],
  ['    - client auth', '    - any'],
  ['    - localhost\n', '    - localhost\n    - "*"\n'],
  ['secretName: kiam-ca\n', 'secretName: other\n'],
  ['rotationPolicy: Always', 'rotationPolicy: Never'],
  ['renewBefore: 720h', 'renewBefore: 7200h'],
  ['clusterIP: None', 'type: LoadBalancer'],
  ['- namespaces\n', '- secrets\n'],
  ['- watch', '- get'],
  ['- events\n', '- configmaps\n'],
  ['- NET_ADMIN', '- SYS_ADMIN'],
  ['- NET_RAW', '- NET_RAW\n                - SYS_PTRACE'],
  ['path: /run/xtables.lock', 'path: /'],
  ['type: FileOrCreate', 'type: Directory'],
  ['hostNetwork: true', 'hostNetwork: true\n      hostPID: true'],
  ['hostNetwork: true', 'hostNetwork: false'],
  [
    'nodeSelector:\n        kubernetes.io/os: linux\n        pool',
    'hostNetwork: true\n      nodeSelector:\n        pool',
  ],
  [
    'secretName: kiam-agent-tls\n        - hostPath',
    'secretName: kiam-server-tls\n        - hostPath',
  ],
  [
    'automountServiceAccountToken: false\n      containers',
    'automountServiceAccountToken: true\n      containers',
  ],
  ['name: kiam-server\n    namespace: kiam', 'name: default\n    namespace: kiam'],
  ['kind: DaemonSet', 'kind: Deployment'],
  ['- --no-iptables-remove', '- --allow-route-regexp=.*'],
  ['s3://opsfleet-terraform', 's3://other'],
  ['serviceAccountName: test-s3', 'serviceAccountName: default'],
  ['helm.sh/hook: test', 'helm.sh/hook: 1'],
  ['- emptyDir: {}', '- hostPath: {path: /var/run}'],
  ['role/opsfleet-test-kiam-server"', 'role/other"'],
  ['"s3:DeleteObject"', '"s3:*"'],
]);

/** kube2iam; and people. */
sees('seed-004', [
  ['- --namespace-restrictions', '- --debug'],
  ['name: view\n', 'name: cluster-admin\n'],
  ['name: edit\n', 'name: admin\n'],
  ['kind: Group\n', 'kind: User\n'],
  ['name: rollcall:iam-eks:developers\n', 'name: system:authenticated\n'],
  ['name: rollcall:iam-eks:developers\n', 'name: rollcall:iam-eks:deploy-watcher\n'],
  ['namespace: webservice-02\nroleRef', 'namespace: kube-system\nroleRef'],
  ['  namespace: webservice-02\nroleRef', 'roleRef'],
  ['- deployments', '- "*"'],
  ['developers:view', 'strangers:view'],
  ['"aws:MultiFactorAuthPresent": "true"', '"aws:MultiFactorAuthPresent": "false"'],
  ['"Bool"', '"BoolIfExists"'],
  ['user/ada', 'user/eve'],
  ['user/admin', 'user/eve'],
  ['- rollcall:iam-eks:developers', '- system:masters'],
  ['developers:{{SessionName}}', 'admin'],
  ['"ec2:DescribeRegions"', '"ec2:*"'],
  ['role/eks-prod-nodes"', 'root"'],
  ['restriction-format=glob', 'restriction-format=regexp'],
  ['- --log-format=json', '- --log-format=json\n            - --default-role=x'],
]);

/** EKS Pod Identity, one hop, and forms other than JSON. */
sees('identities', [
  ['"aws:SourceAccount"', '"aws:PrincipalAccount"'],
  ['"aws:SourceAccount": "000000000010"', '"aws:SourceAccount": "000000000011"'],
  ['"ArnEquals"', '"ArnLike"'],
  ['cluster/hub-target-role', 'cluster/*'],
  ['"aws:RequestTag/kubernetes-namespace": "restarts",', ''],
  ['"pods.eks.amazonaws.com"', '"ec2.amazonaws.com"'],
  ['"sts:TagSession"', '"sts:SetSourceIdentity"'],
  ['"sts:AssumeRole",\n        "sts:TagSession"', '"sts:AssumeRole"'],
  ['system:serviceaccount:restarts:by-token', 'system:serviceaccount:restarts:by-irsa'],
  ['role/rollcall/eks-by-kiam-prd', 'role/rollcall/eks-by-irsa-prd'],
  ['role/workers', 'role/others'],
]);

sees('three-partitions', [
  ['"sts:SourceIdentity"', '"aws:SourceIdentity"'],
  ['"sts:SourceIdentity": "rollcall-restarter-cn"', '"sts:SourceIdentity": "*"'],
  ['"sts:SetSourceIdentity"', '"sts:*"'],
  ['role/sso/auditors', 'role/auditors'],
  ['AmazonEKSViewPolicy', 'AmazonEKSClusterAdminPolicy'],
  ['"username": "auditors"', '"username": "system:admin"'],
  ['"groups": []', '"groups": ["system:masters"]'],
  ['"namespaces": [\n            "shop"\n          ]', '"namespaces": []'],
  ['"cluster": "shop-cn"', '"cluster": "hub-cn"'],
  ['"account_000000000110"', '"/root/account_000000000110"'],
]);

it('a file that nobody expects is seen, and one that is too large', () => {
  const fleet = fleetOf(exampleText('seed-001'));
  const output = outputOf(exampleText('seed-001'));
  const trust = '_iam/111122223333/reports-prd/trust-policy.json';
  for (const path of ['_notes.txt', '_checks/a/b.yaml', '_iam/x.json', '_other/a.json']) {
    expect(violations([...output, { path, text: '{}' }], fleet)).not.toEqual([]);
  }
  const long = output.map((file) =>
    file.path === trust
      ? { path: trust, text: file.text.replace('Trusts', 'Trusts'.padEnd(2048, 'x')) }
      : file,
  );
  expect(violations(long, fleet)).toEqual([expect.stringMatching(/ \d{4} characters$/)]);
});
