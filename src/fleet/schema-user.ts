import { z } from 'zod';
import { exactlyOne, flag, selector, switchedOn, text, texts } from '../form/schema-parts.ts';
import { rightLevels } from './user-model.ts';

const role = z.strictObject({
  name: text('roleName', 'The role’s name, in the account of each cluster.'),
  trusted: texts('principalArn', 'An ARN.', 'IAM users and roles that may become it.'),
  mfa: switchedOn('Only with a second factor.'),
  sessionDuration: text('sessionDuration', 'How long a session may be: 15m–12h.', {
    default: '1h',
  }).optional(),
});

const namespaces = z
  .array(text('dnsLabel', 'A namespace.'))
  .min(1)
  .meta({ description: 'In these namespaces. Default: in the whole cluster.' })
  .optional();

const rule = z.strictObject({
  groups: texts('apiGroup', 'An API group.', 'API groups; "" for the core.'),
  resources: texts('apiResource', 'A resource.', 'Resources, such as pods or pods/log.'),
  verbs: texts('verb', 'A verb.', 'Verbs, such as get.'),
  names: texts('resourceName', 'A name.', 'Only objects of these names. Default: all.').optional(),
});

const right = exactlyOne(
  z.strictObject({
    level: z
      .enum(rightLevels)
      .meta({ description: 'A ClusterRole of Kubernetes’ own: view, edit or admin.' })
      .optional(),
    name: text('dnsLabel', 'Names the Role of `rules`. Required with them.').optional(),
    rules: z.array(rule).min(1).meta({ description: 'Or rules of your own.' }).optional(),
    namespaces,
  }),
  ['level', 'rules'],
);

const accessPolicy = z.strictObject({
  policy: text('accessPolicy', 'An access policy of EKS, such as AmazonEKSViewPolicy.'),
  namespaces,
});

/** People in clusters. */
export const user = z.strictObject({
  name: text('dnsLabel', 'The user’s name, unique in the fleet.'),
  arn: text('principalArn', 'The IAM user or role that it is; a role with its path.').optional(),
  role: role.meta({ description: 'Or a role that is made for it.' }).optional(),
  username: text(
    'username',
    'The Kubernetes user; {{SessionName}} and the like are filled in by the cluster. Default: `name`.',
  ).optional(),
  groups: z
    .array(text('group', 'A group.'))
    .meta({ description: 'Kubernetes groups besides. Default: none.' })
    .optional(),
  breakGlass: flag('True: an administrator’s rights are meant.'),
  clusters: selector('In which clusters: labels (all must match) or a list of names.'),
  rights: z
    .array(right)
    .meta({ description: 'What it may do in Kubernetes. Default: nothing.' })
    .optional(),
  accessPolicies: z
    .array(accessPolicy)
    .meta({
      description: 'Access policies of EKS, in clusters with access entries. Default: none.',
    })
    .optional(),
});

export type UserFile = z.infer<typeof user>;
