import { expectAgreement } from '../support/agree.ts';
import { clusterArn, roleArn } from '../support/arns.ts';
import { evaluatedFleet, podTags } from '../support/fleet.ts';

const fleet = evaluatedFleet('three-partitions');
const role = (account: string, name: string, partition = 'aws'): string =>
  roleArn(account, `platform/${name}`, partition);
const hub = role('000000000110', 'eks-restarter-aws-prd');
const shop = role('000000000120', 'eks-restarter-aws-prd');
const hubCn = role('000000000210', 'eks-restarter-cn-prd', 'aws-cn');
const shopCn = role('000000000220', 'eks-restarter-cn-prd', 'aws-cn');
const hubGov = role('000000000310', 'eks-restarter-gov-prd', 'aws-us-gov');
const shopGov = role('000000000320', 'eks-restarter-gov-prd', 'aws-us-gov');
const named = (name: string) => ({ 'sts:SourceIdentity': `rollcall-restarter-${name}` });
const pod = {
  clusterArn: clusterArn('us-gov-west-1', '000000000310', 'hub-gov', 'aws-us-gov'),
  serviceAccount: 'restarts/restarter-gov',
};
const set = 'sts:SetSourceIdentity';
const gov = fleet.assumeRole(hubGov, shopGov, { ...podTags(pod), ...named('gov') });
const token = {
  issuer: 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE00000000000000000000CN',
  serviceAccount: 'restarts/restarter-cn',
};

expectAgreement('the documents of three-partitions', [
  ['China: the ServiceAccount', 'allowed', fleet.webIdentity(hubCn, token)],
  ['China: the ServiceAccount in another partition', 'denied', fleet.webIdentity(hub, token)],
  ['China: the target', 'allowed', fleet.assumeRole(hubCn, shopCn, named('cn'))],
  ['the target, by its name', 'allowed', fleet.assumeRole(hub, shop, named('aws'))],
  ['the name itself', 'allowed', { ...fleet.assumeRole(hub, shop, named('aws')), action: set }],
  ['without a source identity', 'denied', fleet.assumeRole(hub, shop)],
  ['with another one', 'denied', fleet.assumeRole(hub, shop, named('cn'))],
  [
    'tags, which it does not need',
    'denied',
    { ...fleet.assumeRole(hub, shop, named('aws')), action: 'sts:TagSession' },
  ],
  ['from partition to partition', 'denied', fleet.assumeRole(hubCn, shop, named('aws'))],
  ['GovCloud: the pod', 'allowed', fleet.podIdentity(hubGov, pod)],
  [
    'GovCloud: a pod of the other partition’s cluster',
    'denied',
    fleet.podIdentity(hubGov, { ...pod, clusterArn: pod.clusterArn.replace('aws-us-gov', 'aws') }),
  ],
  ['GovCloud: the target', 'allowed', gov],
  ['GovCloud: its tags', 'allowed', { ...gov, action: 'sts:TagSession' }],
  ['GovCloud: its source identity', 'allowed', { ...gov, action: set }],
  ['GovCloud: without tags', 'denied', fleet.assumeRole(hubGov, shopGov, named('gov'))],
]);
