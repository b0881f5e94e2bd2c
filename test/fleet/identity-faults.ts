import { identityFleet } from './identity-fleet.ts';
import { changed } from './support.ts';

type Case = readonly [from: string, to: string, ...faults: string[]];

const right = 'level: view, namespaces: [web, shop]';
const outside = 'account: tools\n    role: lambda-role\n';
const adminArn = '"arn:aws:iam::555555555555:user/team/admin"';
const adminUser = '  - {name: admin, ';
const withoutPath = '"arn:aws:iam::555555555555:role/AWSReservedSSO_Ops_0123"';
const keys = '"arn:{partition}:s3:::keys-{env}"';
const long = 'x'.repeat(60);

const action = (text: string, code = 'fleet/action'): Case => ['s3:GetObject', `§"${text}"`, code];
const refused = (text: string): Case => action(text, 'fleet/refused-action');
const resource = (text: string, code = 'fleet/resource'): Case => [keys, `§"${text}"`, code];
const open = (text: string): Case => resource(text, 'fleet/placeholder');
const arn = (text: string): Case => [adminArn, `§"${text}"`, 'fleet/principal-arn'];
const boundary = (text: string): Case => ['team/boundary', `§"${text}"`, 'fleet/iam-path'];
const username = (text: string, code = 'fleet/username'): Case => [
  adminUser,
  `${adminUser}username: §"${text}", `,
  code,
];
const entryUser = (text: string): Case => [
  '"people:{{SessionName}}"',
  `§"${text}"`,
  'fleet/reserved-user',
];

/**
 * What is changed in that file, and the faults that this alone makes; each is expected at its `§`,
 * in their order.
 */
export const identityCases: readonly Case[] = [
  // the shape
  ['sourceIdentity: false', '§sourceIdentty: false', 'fleet/unknown-key'],
  ['{sessionTags: false}', '{§sessionTag: false}', 'fleet/unknown-key'],
  ['namespace: many-{env}', '§namspace: many-{env}', 'fleet/unknown-key'],
  ['cluster: hub\n', '§clustr: hub\n', 'fleet/unknown-key'],
  ['serverRole: kiam-server', '§serverRol: kiam-server', 'fleet/unknown-key'],
  ['prd: {podIdentity', 'prd: {§name: x, podIdentity', 'fleet/unknown-key'],
  ['podIdentity: irsa', 'podIdentity: §kiamm', 'fleet/unknown-value'],
  ['podIdentity: irsa', 'podIdentity: §5', 'fleet/unknown-value'],
  ['hops: 2', 'hops: §3', 'fleet/unknown-value'],
  ['version: v3', 'version: §v2', 'fleet/unknown-value'],
  ['[json, terraform,', '[json, §terrafrom,', 'fleet/unknown-value'],
  ['accessControl: access-entries', 'accessControl: §entries', 'fleet/unknown-value'],
  ['        serverRole: kiam-server\n', '', 'fleet/missing-key 21:9'],
  ['existingOidcProvider: true', 'existingOidcProvider: §1', 'fleet/wrong-type'],
  ['podIdentity: irsa', 'podIdentity: {irsa: §}', 'fleet/wrong-type'],
  ['SecureTransport: "true"', 'SecureTransport: §true', 'fleet/wrong-type'],
  ['tokenExpiration: 1h', 'tokenExpiration: §3600', 'fleet/duration'],
  ['sessionDuration: 30m', 'sessionDuration: §1800', 'fleet/duration'],
  ['[node-a, node-b]', '§[]', 'fleet/empty'],
  ['{role: kiam}', '§{}', 'fleet/empty'],
  ['{aws:SecureTransport: "true"}', '§{}', 'fleet/empty'],
  ['["{env}/", x]', '§[]', 'fleet/empty'],
  ['podIdentity: irsa', 'podIdentity: §{}', 'fleet/exactly-one'],
  ['podIdentity: irsa', 'podIdentity: {irsa: {}, §kiam: {}}', 'fleet/exactly-one'],
  ['envs: [dev, prd]', 'env: x\n    §envs: [dev, prd]', 'fleet/exactly-one'],
  ['- name: outside\n    env: prd', '- §name: outside', 'fleet/exactly-one'],
  ['cluster: hub, namespace: one', 'namespace: one', 'fleet/exactly-one 81:5'],
  [
    'cluster: hub, namespace: one',
    'cluster: hub, §account: tools, namespace: one',
    'fleet/exactly-one',
  ],
  [`arn: ${adminArn}, `, '', 'fleet/exactly-one 90:5'],
  [right, 'namespaces: [web]', 'fleet/exactly-one 97:9'],
  // the form of a value
  ['sts.amazonaws.com', '§"${sts}"', 'fleet/audience'],
  ['tokenExpiration: 1h', 'tokenExpiration: §9m', 'fleet/duration'],
  ['sessionDuration: 12h', 'sessionDuration: §13h', 'fleet/duration'],
  ['sessionDuration: 30m', 'sessionDuration: §2h', 'fleet/duration'],
  ['sessionDuration: 20m', 'sessionDuration: §31m', 'fleet/duration'],
  ['sessionDuration: 2h', 'sessionDuration: §14m', 'fleet/duration'],
  ['cali+', '§"cali+; reboot"', 'fleet/host-interface'],
  ['cali+', '§"!eth0"', 'fleet/host-interface'],
  ['awsConfig: true', 's3Check: §s3://keys', 'fleet/bucket'],
  ['awsConfig: true', 's3Check: §"$(HOME)"', 'fleet/bucket'],
  ['path: /\n', 'path: §team\n', 'fleet/iam-path'],
  ['path: /\n', 'path: §/te*m/\n', 'fleet/iam-path'],
  boundary('/team/boundary'),
  boundary('arn:aws:iam::aws:policy/x'),
  boundary('team/'),
  ['{team: platform', '{§"aws:team": platform', 'fleet/tag'],
  ['{team: platform', '{team: §"a#b"', 'fleet/tag'],
  ['{team: platform', '{§Rollcall.dev/fleet: x, team: platform', 'fleet/tag'],
  ['{team: platform', '{team: platform, Team: §x', 'fleet/tag'],
  [
    'tags: {team',
    `§tags: {${Array.from({ length: 47 }, (_, key) => `k${key}: x`).join(', ')}, team`,
    'fleet/tag',
  ],
  action('GetObject'),
  action('s*:GetObject'),
  action('s3:Get Object'),
  resource('keys-{env}'),
  resource('arn:aws:s3'),
  resource('arn:aws:s3:::a\\u202eb'),
  ['{StringEquals:', '{§stringequals:', 'fleet/policy-condition'],
  ['{StringEquals:', '{§NullIfExists:', 'fleet/policy-condition'],
  ['aws:SourceVpc:', '§SourceVpc:', 'fleet/policy-condition'],
  ['vpc-1', '§"a\\nb"', 'fleet/policy-condition'],
  ['aws:SourceVpc: vpc-1', '§bad key: 1', 'fleet/policy-condition'],
  ['objects have many names', '§" "', 'fleet/reason'],
  arn('arn:aws:sts::555555555555:assumed-role/admin/me'),
  arn(
    'arn:aws:iam::555555555555:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS',
  ),
  arn('arn:aws:iam::555555555555:root'),
  ['"arn:aws:iam::555555555555:role/sso/single"', `§${withoutPath}`, 'fleet/principal-arn'],
  ['"arn:aws:iam::555555555555:role/people"', `§${withoutPath}`, 'fleet/principal-arn'],
  username('system:admin'),
  username('rollcall:key-restarter-prd'),
  username('node:{{EC2PrivateDNSName}}'),
  ['groups: [people]', 'groups: [§"{{SessionName}}"]', 'fleet/group'],
  ['groups: [people]', 'groups: [§"rollcall:fleet:admin"]', 'fleet/group'],
  ['["", apps]', '["", §Apps]', 'fleet/rbac'],
  ['pods/log]', '§pods/log/x]', 'fleet/rbac'],
  ['[get, "*"]', '[§Get]', 'fleet/rbac'],
  ['["a:b"]', '[§"a/b"]', 'fleet/rbac'],
  [
    'AmazonEKSViewPolicy',
    '§arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
    'fleet/access-policy',
  ],
  ['namespace: many-{env}', 'namespace: §Many-{env}', 'fleet/name'],
  ['namespace: many-{env}', `namespace: §${long}-{env}`, 'fleet/name'],
  ['role: many-{env}', `role: §${long}y-{env}`, 'fleet/role-name'],
  ['role: many-{env}', 'role: §many-{service}', 'fleet/role-name'],
  // what the parts mean together
  ['    envs: [dev, prd]\n', '    env: dev\n', 'fleet/misplaced-key 79:5'],
  [outside, `${outside}    §namespace: x\n`, 'fleet/misplaced-key'],
  [outside, `${outside}    §awsConfig: true\n`, 'fleet/misplaced-key'],
  [outside, `${outside}    §existingServiceAccount: true\n`, 'fleet/misplaced-key'],
  [
    outside,
    `${outside}    policies: [{actions: [s3:ListBucket], resources: [§"arn:aws:s3:::x-{region}"]}]\n`,
    'fleet/placeholder',
  ],
  [
    'podIdentity: {eks-pod-identity: {sessionTags: false}}',
    '§existingOidcProvider: true',
    'fleet/misplaced-key',
  ],
  [right, `§name: x, ${right}`, 'fleet/misplaced-key'],
  [
    'reach: [{clusters: [berry-prd]}]',
    'reach: [{clusters: [berry-prd], §rolePath: /a/}]',
    'fleet/misplaced-key',
  ],
  ['    existingRole: true\n', '    §rolePath: /a/\n', 'fleet/misplaced-key'],
  [
    'existing: true\n        externalId',
    'existing: true\n        rolePath: §a\n        externalId',
    'fleet/iam-path',
  ],
  ['existingOidcProvider: true', 'existingOidcProvider: [§golff]', 'fleet/unknown-account'],
  ['existingOidcProvider: true', 'existingOidcProvider: [§1]', 'fleet/wrong-type'],
  ['    namespace: many-{env}\n', '', 'fleet/missing-key 57:5'],
  [outside, 'account: tools\n', 'fleet/missing-key 84:5'],
  ['- name: pods\n        rules', '- §rules', 'fleet/missing-key'],
  ['env: dev, schedule', 'schedule', 'fleet/missing-key 103:5'],
  ['env: dev, schedule', 'env: §stg, schedule', 'fleet/unknown-env'],
  ['perEnv:\n      prd:', 'perEnv:\n      §prod:', 'fleet/unknown-env'],
  ['account: tools\n    role', 'account: §tool\n    role', 'fleet/unknown-account'],
  ['prd: {podIdentity', 'prd: {cluster: §nowhere, podIdentity', 'fleet/unknown-cluster'],
  ['service: many, env: dev', 'service: §outside', 'fleet/not-in-cluster'],
  ['name: straight', 'name: §many-dev', 'fleet/duplicate-name'],
  ['name: single', 'name: §admin', 'fleet/duplicate-name'],
  ['{level: edit}', '{level: §view}', 'fleet/duplicate-name'],
  [
    'namespace: many-{env}\n    serviceAccount: runs-{env}',
    'namespace: production\n    serviceAccount: runs',
    'fleet/duplicate-service-account 57:5',
  ],
  ['    role: many-{env}\n', '', 'fleet/existing-without-role 63:5'],
  ['[json, terraform,', '[json, §json,', 'fleet/repeated'],
  ['[dev, prd]', '[dev, prd, §dev]', 'fleet/repeated'],
  ['[node-a, node-b]', '[node-a, §node-a]', 'fleet/repeated'],
  ['groups: [people]', 'groups: [people, §people]', 'fleet/repeated'],
  ['[web, shop]', '[web, §web]', 'fleet/repeated'],
  ['role/people"]', 'role/people", §"arn:aws:iam::555555555555:role/people"]', 'fleet/repeated'],
  ['AmazonEKSEditPolicy', '§AmazonEKSViewPolicy', 'fleet/repeated'],
  ['prd: {podIdentity: kiam', 'prd: {cluster: bare, podIdentity: §kiam', 'fleet/hub-without-agent'],
  [
    'cluster: hub, namespace: three',
    'cluster: bare, namespace: three',
    'fleet/hub-without-agent 83:75',
  ],
  [
    'cluster: hub, namespace: one',
    'cluster: bare, namespace: one',
    'fleet/hub-without-issuer 38:5',
  ],
  ['hops: 1, sessionDuration: 12h', 'sessionDuration: §61m', 'fleet/chained-session'],
  ['podIdentity: irsa', 'podIdentity: {irsa: {sessionDuration: §12h}}', 'fleet/chained-session'],
  [
    '[{clusters: {access: entries}}]',
    '[{clusters: {access: entries}}, {clusters: [berry-prd]}]',
    'fleet/target-role 82:75',
  ],
  [', reach: [{clusters: {access: entries}}]', '', 'fleet/target-role 82:75'],
  [
    'sourceIdentity: false',
    'sourceIdentity: true',
    'fleet/source-identity 81:75',
    'fleet/source-identity 82:75',
  ],
  refused('sts:AssumeRoot'),
  refused('sts:AssumeRoo?'),
  refused('*'),
  refused('iam:*'),
  refused('IAM:pass?ole'),
  refused('iam:P*s*R*e'),
  refused('sts:*'),
  refused('sts:AssumeRoleWith*'),
  open('arn:aws:s3:::{bucket}'),
  open('arn:aws:s3:::{env'),
  open('arn:aws:s3:::${env}'),
  ['x]}, Bool', '§"{servce}"]}, Bool', 'fleet/placeholder'],
  ['kubernetesUser: many:{env}', 'kubernetesUser: §eks:{env}', 'fleet/reserved-user'],
  entryUser('aws:people'),
  entryUser('people-{{SessionNameRaw}}:x'),
  entryUser('people:{{AccessKeyID}}'),
  entryUser('people:{{AccountID}}:{{SessionName}}'),
  username('eks:node-manager', 'fleet/reserved-user'),
  [
    'reach: [{clusters: [berry-prd]}]',
    'reach: [{clusters: [berry-prd], kubernetesUser: §eks:addon-manager}]',
    'fleet/reserved-user',
  ],
  ['AmazonEKSViewPolicy', '§AmazonEksViewPolicy', 'fleet/access-policy'],
  ['AmazonEKSViewPolicy', '§amazoneksviewpolicy', 'fleet/access-policy'],
  ['groups: [people]', 'groups: [§"system:masters"]', 'fleet/reserved-group'],
  [
    'clusters: {access: entries}, groups',
    'clusters: [apple-dev, berry-prd], groups',
    'fleet/entries-only 91:158',
  ],
];

/** What is changed in that file, which stays sound. */
export const soundIdentities: readonly (readonly [from: string, to: string])[] = [
  ['podIdentity: irsa', 'podIdentity: {irsa: {}}'],
  ['podIdentity: irsa', 'podIdentity: kube2iam'],
  ['tokenExpiration: 1h', 'tokenExpiration: 10m'],
  ['hops: 1, sessionDuration: 12h', 'sessionDuration: 60m'],
  ['StringEquals:', 'ForAllValues:StringLikeIfExists:'],
  ['StringEquals:', '"Null":'],
  ['s3:GetObject', 'iam:GetRole'],
  ['s3:GetObject', 'sts:GetCallerIdentity'],
  ['s3:GetObject', 'iam:List*'],
  [keys, '"*"'],
  [keys, '"arn:{partition}:ssm:{region}:{account}:parameter/{service}/{env}/{cluster}"'],
  [keys, '"arn:aws:s3:::x/${aws:PrincipalTag/team, \'none\'}/${*}"'],
  ['groups: ["system:masters"], breakGlass: true', 'groups: ["system:masters"]'],
  // In aws-auth these are names like any other.
  [adminUser, `${adminUser}username: "aws:admin", `],
  [adminUser, `${adminUser}username: "admin:{{AccountID}}:{{AccessKeyID}}", `],
  ['AmazonEKSViewPolicy', 'AmazonEKSNewOnePolicy'],
  ['role/sso/single', 'role/single'],
  ['user/team/admin', 'role/admin'],
  // In aws-auth, which has no paths, it is a finding.
  ['user/team/admin', 'role/AWSReservedSSO_Ops_0123'],
  ['role/sso/single', 'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123'],
  ['role/people"', 'role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123"'],
];

export const changedIdentity = (from: string, to: string): string =>
  changed(from, to, identityFleet);
