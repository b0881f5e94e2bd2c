/** ARNs by their parts. */
export const roleArn = (account: string, name: string, partition = 'aws'): string =>
  `arn:${partition}:iam::${account}:role/${name}`;

export const clusterArn = (
  region: string,
  account: string,
  name: string,
  partition = 'aws',
): string => `arn:${partition}:eks:${region}:${account}:cluster/${name}`;

export const describeCluster = 'eks:DescribeCluster';
