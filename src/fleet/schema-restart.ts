import { z } from 'zod';
import { workloadKinds } from './model.ts';
import { choice, exactlyOne, flag, labels, selector, text } from '../form/schema-parts.ts';
import { strategy } from './schema-strategy.ts';

const workloads = exactlyOne(
  exactlyOne(
    z.strictObject({
      name: text('dnsLabel', 'The group’s name, for `after`. Default: none.').optional(),
      namespace: text('dnsLabel', 'The namespace of the workloads.').optional(),
      namespaces: z
        .array(text('dnsLabel', 'A namespace.'))
        .min(1)
        .meta({ description: 'Or several: the same workloads in each.' })
        .optional(),
      kind: choice(workloadKinds, 'Their kind.'),
      names: z
        .array(text('objectName', 'A workload’s name.'))
        .min(1)
        .meta({ description: 'Their names: the only selection that least privilege can name.' })
        .optional(),
      selector: labels
        .meta({
          description:
            'Or labels, which all must match: the right is then to patch every workload of the kind in the namespace.',
        })
        .optional(),
      after: z
        .array(text('dnsLabel', 'A group’s name.'))
        .min(1)
        .meta({
          description: 'Groups that are proved in a cluster before these begin. Default: none.',
        })
        .optional(),
    }),
    ['namespace', 'namespaces'],
  ),
  ['names', 'selector'],
);

export const restart = z.strictObject({
  name: text('restartName', 'The restart’s name, unique in the fleet: its CronJob’s name.'),
  service: text('dnsLabel', 'The service whose access it uses.'),
  env: text(
    'dnsLabel',
    'Which of the service’s environments. Required where it has several.',
  ).optional(),
  schedule: text('schedule', 'Five cron fields.'),
  timeZone: text('timeZone', 'The IANA time zone of the schedule.', {
    default: 'Etc/UTC',
  }).optional(),
  suspend: flag('True: the CronJob is made, and starts nothing.'),
  clusters: selector(
    'Where: labels (all must match; never the service’s own hub) or a list of names. The service must reach each.',
  ),
  workloads: z.array(workloads).min(1).meta({ description: 'What is restarted there.' }),
  strategy: strategy.meta({ description: 'In which order, how much at once, when.' }).optional(),
});
