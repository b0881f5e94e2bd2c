import { z } from 'zod';
import { flag, text, texts } from '../form/schema-parts.ts';
import { iamForms } from './iam-model.ts';

/** What holds for every role of Rollcall's own. */
export const iam = z.strictObject({
  path: text('iamPath', 'The path of roles: / or /team/.', { default: '/' }).optional(),
  permissionsBoundary: text(
    'policyPath',
    'A policy of each account, by name, with its path: the permissions boundary. Default: none.',
  ).optional(),
  tags: z
    .record(text('tagKey', 'A tag’s key.'), text('tagValue', 'A tag’s value.'))
    .meta({ description: 'Tags of roles, besides Rollcall’s own. Default: none.' })
    .optional(),
  sourceIdentity: flag('True: each hop into a target’s role bears the service’s name.'),
  forms: z
    .array(z.enum(iamForms).meta({ description: 'A form.' }))
    .min(1)
    .meta({
      description:
        'In which forms IAM is written, besides json, which is always written. Default: json.',
    })
    .optional(),
});

/** A statement that somebody asks for. */
export const policy = z.strictObject({
  actions: texts('action', 'An action, such as s3:GetObject.', 'What may be done.'),
  resources: texts(
    'policyResource',
    'An ARN, or *.',
    'To what: ARNs, placeholders in them or not.',
  ),
  conditions: z
    .record(
      text('conditionOperator', 'An operator.'),
      z.record(
        text('conditionKey', 'A condition key.'),
        z.union([
          text('conditionValue', 'A value.'),
          z.array(text('conditionValue', 'A value.')).min(1),
        ]),
      ),
    )
    .meta({ description: 'Operator, key and value or values, as IAM has them. Default: none.' })
    .optional(),
  reason: text('reason', 'Why a wildcard stands in it: then it is no finding.').optional(),
});

export type IamFile = z.infer<typeof iam>;
export type PolicyFile = z.infer<typeof policy>;
