import { expectAgreement } from '../support/agree.ts';
import { roleArn } from '../support/arns.ts';
import { evaluatedFleet } from '../support/fleet.ts';

const fleet = evaluatedFleet('seed-002');
const account = '222233334444';
const nodes = roleArn(account, 'opsfleet-test-kiam-server-nodes');
const server = roleArn(account, 'opsfleet-test-kiam-server');
const service = roleArn(account, 'test-s3');
const bucket = 'arn:aws:s3:::opsfleet-terraform';

expectAgreement('the documents of seed-002', [
  ['the nodes: the server’s role', 'allowed', fleet.assumeRole(nodes, server)],
  ['the server: the service’s role', 'allowed', fleet.assumeRole(server, service)],
  ['the nodes: the service’s role', 'denied', fleet.assumeRole(nodes, service)],
  ['other nodes: the server’s role', 'denied', fleet.assumeRole(roleArn(account, 'nodes'), server)],
  ['the service: back to the server’s', 'denied', fleet.assumeRole(service, server)],
  ['listing the bucket', 'allowed', fleet.inAccount(service, 's3:ListBucket', bucket)],
  ['an object of it', 'allowed', fleet.inAccount(service, 's3:GetObject', `${bucket}/state`)],
  ['another bucket', 'denied', fleet.inAccount(service, 's3:ListBucket', `${bucket}-2`)],
  ['deleting the bucket', 'denied', fleet.inAccount(service, 's3:DeleteBucket', bucket)],
]);
