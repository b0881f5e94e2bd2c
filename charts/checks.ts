import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { S3CheckPod } from '../src/constructs/s3-check-pod.ts';
import type { ClusterChartProps } from './hub.ts';

/** Pods by which one sees whether identities work. They are made when somebody wants to know. */
export class ChecksChart extends Chart {
  constructor(scope: Construct, id: string, { fleet, access }: ClusterChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    const { region } = access.cluster;
    for (const { service, namespace, serviceAccount, wiring, s3Check } of access.pods) {
      if (s3Check === undefined) continue;
      const pod = { fleet, service, namespace, serviceAccount, wiring, region };
      new S3CheckPod(this, `s3-${service}`, { ...pod, bucket: s3Check });
    }
  }
}
