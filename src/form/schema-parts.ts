import { z } from 'zod';
import { fillEnv } from './role-template.ts';
import { type RuleName, rules } from './rules.ts';

/** A text that a rule holds for. The rule's name is the message: issues.ts makes it a problem. */
export const text = (
  rule: RuleName,
  description: string,
  other: { readonly default?: string } = {},
) =>
  z
    .string()
    .refine(rules[rule].test, { error: rule })
    .meta({ description, ...other });

/**
 * A text in which `{env}` may stand: the rule holds for what it is filled with, which is known later
 * (src/fleet/expand-envs.ts). Here a short environment stands for all.
 */
export const template = (rule: RuleName, description: string) =>
  z
    .string()
    .refine((value) => rules[rule].test(fillEnv(value, 'e')), {
      error: rule,
      params: { template: true },
    })
    .meta({ description });

/** Whether an issue's text may hold `{env}`: what `template` leaves for those who tell of it. */
export const isOfTemplate = (params: Readonly<Record<string, unknown>> | undefined): boolean =>
  params?.template === true;

/** True or false, by default false. */
export const flag = (description: string) => choiceOfTwo(description, false);

/** True or false, by default true. */
export const switchedOn = (description: string) => choiceOfTwo(description, true);

const choiceOfTwo = (description: string, preset: boolean) =>
  z.boolean().meta({ description, default: preset }).optional();

/** At least one text. */
export const texts = (rule: RuleName, each: string, description: string) =>
  z.array(text(rule, each)).min(1).meta({ description });

/** A whole number from 1, with its default where it has one. */
export const count = (maximum: number, preset: number | undefined, description: string) =>
  z
    .int()
    .min(1)
    .max(maximum)
    .meta({ description, ...(preset === undefined ? {} : { default: preset }) })
    .optional();

/** A span of time, by default `preset`; without one the key has no effect when it is left out. */
export const duration = (description: string, preset?: string) =>
  text('duration', description, preset === undefined ? {} : { default: preset }).optional();

/** One of some words, by default the first. */
export const choice = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  description: string,
) => z.enum(words).meta({ description, default: words[0] }).optional();

export const labels = z.record(
  text('labelKey', 'A label’s key.'),
  text('labelValue', 'A label’s value.'),
);

export const selector = (description: string) =>
  z.union([labels, z.array(text('dnsLabel', 'A cluster’s name.')).min(1)]).meta({ description });

/** A selector in whose names and values `{env}` may stand. */
export const selectorTemplate = (description: string) =>
  z
    .union([
      z.record(text('labelKey', 'A label’s key.'), template('labelValue', 'A label’s value.')),
      z.array(template('dnsLabel', 'A cluster’s name.')).min(1),
    ])
    .meta({ description });

/** An object in which exactly one of these keys stands. issues.ts makes of it a problem. */
export const exactlyOne = <Shape extends z.core.$ZodLooseShape>(
  object: z.ZodObject<Shape, z.core.$strict>,
  keys: readonly (keyof Shape & string)[],
): z.ZodObject<Shape, z.core.$strict> =>
  object.refine((value) => keys.filter((key) => Object.hasOwn(value as object, key)).length === 1, {
    params: { exactlyOne: keys },
    // A key that is misspelt or of a wrong type is at fault itself; texts may break their rules.
    when: ({ issues }) => issues.every(({ code }) => code === 'custom'),
  });

/** What `exactlyOne` leaves in an issue for those who tell of it. */
export function exactlyOneOf(
  params: Readonly<Record<string, unknown>> | undefined,
): readonly string[] | undefined {
  const keys = params?.exactlyOne;
  return Array.isArray(keys) ? keys.map(String) : undefined;
}
