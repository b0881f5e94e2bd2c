import { entries, user, type Case } from './cluster-findings.ts';

const adminAt = (...path: readonly (string | number)[]): Case[2] => [
  ['finding/cluster-admin', ['users', 0, ...path].join('.')],
];
const sensitiveAt = (...path: readonly (string | number)[]): Case[2] => [
  ['finding/sensitive-rights', ['users', 0, ...path].join('.')],
];

const rbac = 'rbac.authorization.k8s.io';
const rulesOf = (text: string, more: object = {}) => {
  const [group = '', resource = '', verb = ''] = text.split(' ');
  const rules = [{ groups: [group], resources: [resource], verbs: ['delete', verb] }];
  return user({ rights: [{ level: 'view' }, { name: 'r', rules, ...more }] });
};
const policy = (name: string, more: object = {}) => ({
  clusters: entries,
  ...user({ accessPolicies: [{ policy: name, ...more }] }),
});

const administrators = [
  ...[' users impersonate', ' groups impersonate', ' serviceaccounts impersonate'],
  ...['authentication.k8s.io uids impersonate', ' serviceaccounts/token create'],
  ...[`${rbac} clusterroles bind`, `${rbac} roles escalate`],
  ...['create', 'update', 'patch'].map((verb) => `${rbac} clusterrolebindings ${verb}`),
  ...['roles', 'rolebindings', 'clusterroles'].map((resource) => `${rbac} ${resource} create`),
];
const sensitive = [
  ...['get', 'list', 'watch'].map((verb) => ` secrets ${verb}`),
  ...[' pods/exec create', ' pods/exec get', ' pods/attach create', ' */exec create'],
];
const harmless = [
  ...[' pods get', ' configmaps create', 'apps deployments patch', 'apps roles create'],
  ...[`${rbac} roles get`, ' serviceaccounts create', 'apps secrets get', ' secrets create'],
];
const inOne = { namespaces: ['shop'] };
const inSystem = { namespaces: ['shop', 'kube-system'] };

/** What rights and access policies lead to. */
export const findingsOfRights: readonly Case[] = [
  ...administrators.flatMap((text): readonly Case[] => [
    [`a rule to ${text}`, rulesOf(text), adminAt('rights', 1)],
    [`in one namespace: ${text}`, rulesOf(text, inOne), sensitiveAt('rights', 1)],
  ]),
  ...sensitive.flatMap((text): readonly Case[] => [
    [`a rule to ${text}`, rulesOf(text), sensitiveAt('rights', 1)],
    [`in one namespace: ${text}`, rulesOf(text, inOne), sensitiveAt('rights', 1)],
  ]),
  ...harmless.map((text): Case => [`a rule to ${text}`, rulesOf(text), []]),
  [
    'a rule of kube-system',
    rulesOf(' serviceaccounts/token create', inSystem),
    adminAt('rights', 1),
  ],
  [
    'Secrets by their names',
    user({
      rights: [
        {
          name: 'r',
          rules: [{ groups: [''], resources: ['secrets'], verbs: ['get'], names: ['ca'] }],
        },
      ],
    }),
    [],
  ],
  [
    'the group of masters by its name',
    user({
      rights: [
        {
          name: 'r',
          rules: [
            {
              groups: [''],
              resources: ['groups'],
              verbs: ['impersonate'],
              names: ['system:masters'],
            },
          ],
        },
      ],
    }),
    adminAt('rights', 0),
  ],
  [
    'all of it',
    user({ rights: [{ name: 'r', rules: [{ groups: ['*'], resources: ['*'], verbs: ['*'] }] }] }),
    [
      ['finding/cluster-admin', 'users.0.rights.0'],
      ['finding/wildcard-rule', 'users.0.rights.0'],
    ],
  ],
  ...['edit', 'admin'].flatMap((level): readonly Case[] => [
    [`${level} in all`, user({ rights: [{ level }] }), adminAt('rights', 0)],
    [`${level} in kube-system`, user({ rights: [{ level, ...inSystem }] }), adminAt('rights', 0)],
    [`${level} in one`, user({ rights: [{ level, ...inOne }] }), []],
    [`${level}, in an emergency`, user({ rights: [{ level }], breakGlass: true }), []],
  ]),
  ...['AmazonEKSAdminPolicy', 'AmazonEKSEditPolicy', 'AmazonEKSClusterAdminPolicy'].flatMap(
    (name): readonly Case[] => [
      [`${name} in all`, policy(name), adminAt()],
      [`${name} in kube-system`, policy(name, inSystem), adminAt()],
      [`${name} in one`, policy(name, inOne), []],
    ],
  ),
  ...['AmazonEKSSecretReaderPolicy', 'AmazonEKSAdminViewPolicy'].flatMap(
    (name): readonly Case[] => [
      [`${name} in all`, policy(name), sensitiveAt()],
      [`${name} in one`, policy(name, inOne), []],
    ],
  ),
  ['AmazonEKSViewPolicy in all', policy('AmazonEKSViewPolicy'), []],
  [
    'Secrets, in an emergency',
    user({
      breakGlass: true,
      rights: [{ name: 'r', rules: [{ groups: [''], resources: ['secrets'], verbs: ['list'] }] }],
    }),
    [],
  ],
];
