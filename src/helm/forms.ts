import { imagePatterns } from '../names/image.ts';
import { cronPattern } from './cron-pattern.ts';
import type { Json, JsonObject } from './json.ts';
import { annotationKeys, labelKeys, refusing, type ReservedKeys } from './reserved-keys.ts';

/**
 * What a value must be. `refused` breaks each rule of the schema, one at a time: the tests take them in
 * turn, and take the rules away in turn.
 */
export interface Form {
  /** Draft-07, without `description`. Its patterns are RE2's too: no lookahead. */
  readonly schema: JsonObject;
  /** A value that holds, and is another than any default. */
  readonly example: Json;
  readonly refused: readonly Json[];
}

export const truth = (preset: Json): Form => ({
  schema: { type: 'boolean' },
  example: preset !== true,
  refused: ['yes'],
});

export const whole = (minimum: number, maximum: number, example: number): Form => ({
  schema: { type: 'integer', minimum, maximum },
  example,
  refused: [minimum - 1, maximum + 1, minimum + 0.5],
});

export const word = (example: string, ...others: readonly string[]): Form => ({
  schema: { enum: [example, ...others] },
  example,
  refused: ['other'],
});

const text = (pattern: string, maxLength: number) => ({ type: 'string', maxLength, pattern });

const dnsLabel = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const dnsSubdomain = `${dnsLabel}(?:\\.${dnsLabel})*`;

/** An object's name, or the empty text for none. */
export const nameOrNone = (example: string): Form => ({
  schema: text(`^(?:${dnsSubdomain})?$`, 253),
  example,
  refused: ['Upper', 'a'.repeat(254), 5],
});

export const repository: Form = {
  schema: text(`^${imagePatterns.repository}$`, 384),
  example: 'mirror.example.com/team/image',
  refused: ['', 'host/Upper', 'with:tag', `${'a/'.repeat(192)}a`, 5],
};

export const tag: Form = {
  schema: { type: 'string', pattern: `^(?:${imagePatterns.tag})?$` },
  example: 'v9.9.9',
  refused: ['a tag', '-a', 1],
};

export const digest: Form = {
  schema: { type: 'string', pattern: `^(?:${imagePatterns.digest})?$` },
  example: `sha256:${'ab'.repeat(32)}`,
  refused: ['sha256:abc', 5],
};

export const schedule: Form = {
  schema: text(cronPattern(), 256),
  example: '7 4 1-15 * mon,fri',
  refused: [
    ...['@daily', '* * * * * *', '60 * * * *', '0 24 * * *', '0 0 0 * *', '0 0 * 13 *'],
    ...['0 0 * * 7', 'TZ=UTC 0 0 * * *', '5/2 * * * *', `${'1,'.repeat(130)}1 * * * *`, 5],
  ],
};

/** An IANA name; not `Local`, which CronJobs refuse. That there is such a zone the API server sees. */
export const timeZone: Form = {
  schema: {
    ...text('^[A-Z][A-Za-z0-9_+-]*(?:/[A-Z][A-Za-z0-9_+-]*)*$', 64),
    not: { type: 'string', pattern: '^[Ll][Oo][Cc][Aa][Ll]$' },
  },
  example: 'America/New_York',
  refused: ['Local', 'europe/london', '+02:00', '', 5, `A${'a'.repeat(64)}`],
};

/** Nodes that are without a ready pod at a time while it changes: a number, or a share of them. */
export const maxUnavailable: Form = {
  schema: {
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: '^(?:[1-9][0-9]?|100)%$' },
    ],
  },
  example: '25%',
  refused: [0, '0%', '101%', 1.5],
};

const labelValue = text('^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$', 63);
const keyPattern = `^(?:${dnsSubdomain}/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`;

/** Labels of objects of ours. `reserved` says which are refused, and why. */
export const labels = (example: JsonObject = { team: 'orchard' }): Form => ({
  schema: {
    type: 'object',
    patternProperties: { ...refusing(labelKeys), [keyPattern]: labelValue },
    additionalProperties: false,
  },
  example,
  refused: [...badKeys, ...badLabelValues, ...reservedOnes(labelKeys), ['a']],
});

/** Annotations of objects of ours. */
export const annotations = (example: JsonObject = { 'example.com/owner': 'orchard' }): Form => ({
  schema: {
    type: 'object',
    patternProperties: { ...refusing(annotationKeys), [keyPattern]: { type: 'string' } },
    additionalProperties: false,
  },
  example,
  refused: [...badKeys, { number: 1 }, ...reservedOnes(annotationKeys), ['a']],
});

/** Labels of nodes, but for those that are asked for already. */
export const nodeLabels = (taken: readonly string[]): Form => ({
  schema: {
    type: 'object',
    properties: Object.fromEntries(taken.map((key) => [key, false])),
    patternProperties: { [keyPattern]: labelValue },
    additionalProperties: false,
  },
  example: { 'topology.kubernetes.io/zone': 'eu-west-1a' },
  refused: [...badKeys, ...badLabelValues, ...taken.map((key) => ({ [key]: 'other' })), ['a']],
});

const badKeys = [{ 'a b': 'x' }, { 'Example.com/a': 'x' }, { ['a'.repeat(64)]: 'x' }];
const badLabelValues = [{ a: 'a b' }, { a: 'a'.repeat(64) }, { a: 1 }];
const reservedOnes = ({ examples }: ReservedKeys): readonly JsonObject[] =>
  examples.map((key) => ({ [key]: 'x' }));
