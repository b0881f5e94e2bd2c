import { z } from 'zod';
import { choice, duration, exactlyOne, text } from '../form/schema-parts.ts';

const timeout = (preset: string) =>
  duration('How long it is waited for; then the run halts.', preset);

const condition = {
  apiVersion: text('apiVersion', 'The API version of the object, such as apps/v1.'),
  resource: text('resource', 'Its resource: plural, in lower case, such as deployments.'),
  namespace: text('dnsLabel', 'Its namespace. Left out: it has none.').optional(),
  name: text('objectName', 'Its name.'),
  type: text('conditionType', 'The type of the condition in its status, such as Available.'),
  status: choice(['True', 'False', 'Unknown'], 'The status in which the condition holds.'),
};

const prometheus = {
  url: text('prometheusUrl', 'Where Prometheus answers: http(s)://HOST[:PORT][/PATH].'),
  query: text('query', 'A PromQL query: quiet when it answers with nothing.'),
};

const conditionIn = (description: string) =>
  z.strictObject(condition).meta({ description }).optional();
const prometheusIn = (description: string) =>
  z.strictObject(prometheus).meta({ description }).optional();

/** Something that blocks every new restart while it holds. */
export const blocker = exactlyOne(
  z.strictObject({
    condition: conditionIn('A condition of an object of the hub: blocks while it holds.'),
    prometheus: prometheusIn('A query: blocks while it answers with anything.'),
  }),
  ['condition', 'prometheus'],
);

/** Something that must hold before a wave begins. */
export const gate = exactlyOne(
  z.strictObject({
    approval: z
      .strictObject({ timeout: timeout('8h') })
      .meta({ description: 'Somebody says `rollcall approve`.' })
      .optional(),
    condition: z
      .strictObject({ ...condition, timeout: timeout('30m') })
      .meta({ description: 'A condition of an object of the hub holds.' })
      .optional(),
    prometheus: z
      .strictObject({ ...prometheus, timeout: timeout('30m') })
      .meta({ description: 'A query answers with nothing.' })
      .optional(),
    job: z
      .strictObject({
        image: text('image', 'The Job’s container image.'),
        command: z
          .array(text('commandPart', 'A part of the command.'))
          .min(1)
          .meta({ description: 'Its command. Default: the image’s own.' })
          .optional(),
        timeout: timeout('30m'),
      })
      .meta({ description: 'A Job in the hub, beside the restart’s own, succeeds.' })
      .optional(),
  }),
  ['approval', 'condition', 'prometheus', 'job'],
);

export type BlockerFile = z.infer<typeof blocker>;
export type GateFile = z.infer<typeof gate>;
