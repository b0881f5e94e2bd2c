import { expectAgreement } from '../support/agree.ts';
import { roleArn } from '../support/arns.ts';
import { evaluatedFleet } from '../support/fleet.ts';

const fleet = evaluatedFleet('seed-001');
const issuer = 'https://oidc.eks.ap-southeast-1.amazonaws.com/id/EXAMPLE0000000000000000000000SGP';
const kops = 'https://oidc.example.com/kops';
const scaler = roleArn('111122223333', 'cluster-autoscaler-prd');
const reports = roleArn('111122223333', 'reports-prd');
const uploads = roleArn('111122223333', 'uploads-prd');
const pod = (role: string, serviceAccount: string, of = issuer) =>
  fleet.webIdentity(role, { issuer: of, serviceAccount });
const group =
  'arn:aws:autoscaling:ap-southeast-1:111122223333:autoScalingGroup:x:autoScalingGroupName/nodes';
const scale = 'autoscaling:SetDesiredCapacity';
const owned = { 'aws:ResourceTag/k8s.io/cluster-autoscaler/singapore': 'owned' };
const report = 'arn:aws:s3:::reports-111122223333-prd/january';

expectAgreement('the documents of seed-001', [
  ['the autoscaler', 'allowed', pod(scaler, 'kube-system/cluster-autoscaler')],
  ['another of kube-system', 'denied', pod(scaler, 'kube-system/default')],
  ['the reports', 'allowed', pod(reports, 'reports/reports')],
  ['the reports as the autoscaler', 'denied', pod(scaler, 'reports/reports')],
  ['a cluster without the webhook', 'allowed', pod(uploads, 'uploads/uploads', kops)],
  ['its ServiceAccount in the other cluster', 'denied', pod(uploads, 'uploads/uploads')],
  ['a group of its own', 'allowed', fleet.inAccount(scaler, scale, group, owned)],
  [
    'a group of another cluster',
    'denied',
    fleet.inAccount(scaler, scale, group, {
      'aws:ResourceTag/k8s.io/cluster-autoscaler/jakarta': 'owned',
    }),
  ],
  ['a group without the tag', 'denied', fleet.inAccount(scaler, scale, group)],
  ['reading a report', 'allowed', fleet.inAccount(reports, 's3:GetObject', report)],
  ['writing one', 'denied', fleet.inAccount(reports, 's3:PutObject', report)],
  [
    'reading another bucket',
    'denied',
    fleet.inAccount(reports, 's3:GetObject', 'arn:aws:s3:::uploads-111122223333-prd/x'),
  ],
]);
