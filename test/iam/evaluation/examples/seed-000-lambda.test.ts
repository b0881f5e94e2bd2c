import { expectAgreement } from '../support/agree.ts';
import { clusterArn, describeCluster, roleArn } from '../support/arns.ts';
import { evaluatedFleet } from '../support/fleet.ts';

const fleet = evaluatedFleet('seed-000-lambda');
const prod = roleArn('903716715040', 'sts-prod-encryption-key-creation-lambda-role');
const preprod = roleArn('903716715041', 'sts-preprod-encryption-key-creation-lambda-role');
const golf = roleArn('508208880112', 'sts-prd-js-encryption-role');
const golfPp = roleArn('444455556666', 'sts-pp-js-encryption-role');
const golfCluster = clusterArn('eu-west-1', '508208880112', 'golf-prd-cluster');

expectAgreement('the documents of seed-000-lambda', [
  ['production’s Lambda: production', 'allowed', fleet.assumeRole(prod, golf)],
  ['preproduction’s Lambda: preproduction', 'allowed', fleet.assumeRole(preprod, golfPp)],
  ['preproduction’s Lambda: production', 'denied', fleet.assumeRole(preprod, golf)],
  ['production’s Lambda: preproduction', 'denied', fleet.assumeRole(prod, golfPp)],
  ['another Lambda of the account', 'denied', fleet.assumeRole(`${prod}-2`, golf)],
  ['production: its cluster', 'allowed', fleet.inAccount(golf, describeCluster, golfCluster)],
  ['the Lambda itself: the cluster', 'denied', fleet.inAccount(prod, describeCluster, golfCluster)],
]);
