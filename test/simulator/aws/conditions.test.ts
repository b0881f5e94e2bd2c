import { describe, expect, it } from '@jest/globals';
import { conditionsHold } from '../../../src/simulator/aws/conditions.ts';
import type { Verdict } from '../../../src/simulator/aws/conditions.ts';

describe('condition operators', () => {
  const context = new Map<string, string | readonly string[]>([
    ['aws:tagkeys', ['team', 'env']],
    ['aws:requesttag/team', 'golf'],
    ['aws:multifactorauthpresent', 'true'],
    ['aws:multifactorauthage', '60'],
    ['aws:sourcearn', 'arn:aws:eks:eu-west-1:903716715040:cluster/ci'],
  ]);

  it.each<[string, string, readonly string[], Verdict]>([
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['team', 'env', 'cost'], 'yes'],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['team'], 'no'],
    ['ForAllValues:StringEquals', 'sts:TransitiveTagKeys', ['team'], 'yes'],
    ['ForAllValues:StringLike', 'aws:TagKeys', ['t*', '???'], 'yes'],
    ['ForAllValues:StringNotEquals', 'aws:TagKeys', ['cost'], 'yes'],
    ['ForAllValues:StringNotEquals', 'aws:TagKeys', ['team'], 'no'],
    ['ForAllValues:StringEquals', 'aws:RequestTag/team', ['golf', 'hotel'], 'yes'],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', ['team', 'cost'], 'yes'],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', ['cost'], 'no'],
    ['ForAnyValue:StringEquals', 'sts:TransitiveTagKeys', ['team'], 'no'],
    ['ForAnyValue:StringNotEquals', 'aws:TagKeys', ['team'], 'yes'],
    ['Null', 'aws:TagKeys', ['false'], 'yes'],
    ['Bool', 'aws:MultiFactorAuthPresent', ['true'], 'yes'],
    ['Bool', 'aws:MultiFactorAuthPresent', ['false'], 'no'],
    ['Bool', 'aws:MultiFactorAuthPresent', ['yes'], 'unknown'],
    ['BoolIfExists', 'aws:ViaAWSService', ['true'], 'yes'],
    ['NumericEquals', 'aws:MultiFactorAuthAge', ['60.0'], 'yes'],
    ['NumericNotEquals', 'aws:MultiFactorAuthAge', ['60'], 'no'],
    ['NumericLessThan', 'aws:MultiFactorAuthAge', ['3600'], 'yes'],
    ['NumericLessThan', 'aws:MultiFactorAuthAge', ['60'], 'no'],
    ['NumericLessThanEquals', 'aws:MultiFactorAuthAge', ['60'], 'yes'],
    ['NumericGreaterThan', 'aws:MultiFactorAuthAge', ['9'], 'yes'],
    ['NumericGreaterThanEquals', 'aws:MultiFactorAuthAge', ['61'], 'no'],
    ['NumericLessThan', 'aws:MultiFactorAuthAge', ['an hour'], 'unknown'],
    ['NumericLessThan', 'sts:DurationSeconds', ['3600'], 'no'],
    ['NumericNotEquals', 'sts:DurationSeconds', ['3600'], 'yes'],
    ['ArnEquals', 'aws:SourceArn', ['arn:aws:eks:*:903716715040:cluster/ci'], 'yes'],
    ['ArnLike', 'aws:SourceArn', ['arn:aws:eks:eu-west-1:903716715040:cluster/other'], 'no'],
    ['ArnNotLike', 'aws:SourceArn', ['arn:aws:eks:eu-west-1:903716715040:cluster/*'], 'no'],
    ['ForAnyValue:StringEqualsIfExists', 'sts:TransitiveTagKeys', ['team'], 'unknown'],
    ['StringEquals', 'aws:TagKeys', ['team'], 'unknown'],
    ['IpAddress', 'aws:SourceIp', ['10.0.0.0/8'], 'unknown'],
    ['StringEquals', 'aws:RequestTag/team', ['${aws:username}'], 'unknown'],
  ])('%s %s %j: %s', (operator, key, values, expected) => {
    expect(conditionsHold([{ operator, key, values }], context)).toBe(expected);
  });
});
