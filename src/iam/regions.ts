import type { Partition, Region } from '../names/arn.ts';
import type { AccountModel } from './model.ts';

/** The regions in which an account's clusters are told something, each once. */
export const regionsOf = ({ clusters }: AccountModel): readonly Region[] =>
  [...new Set(clusters.map(({ region }) => region))].sort();

/** Where a partition's IAM is asked (AWS general reference, "IAM endpoints and quotas"). */
export const globalRegions: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};
