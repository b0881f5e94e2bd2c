import { asciiJson } from './json.ts';

/** An IAM policy document, as JSON has it. One spelling of each thing: lists only where many stand. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal?: Principal;
  readonly Action: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Condition?: Conditions;
}

export type OneOrMore = string | readonly string[];

export type Principal =
  { readonly AWS: OneOrMore } | { readonly Federated: string } | { readonly Service: string };

/** Operator → key → values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;

export const policyDocument = (statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** One value as itself, several as a list. */
export const oneOrMore = (values: readonly string[]): OneOrMore =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

export const listOf = (values: OneOrMore | undefined): readonly string[] =>
  values === undefined ? [] : typeof values === 'string' ? [values] : values;

/** The size that IAM counts against its quotas: white space outside of strings left out. */
export const policySize = (document: PolicyDocument): number => asciiJson(document).length;
