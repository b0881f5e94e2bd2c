import type { Fleet } from '../../../src/fleet/model.ts';
import type { OutputFile } from '../../../src/iam/render.ts';
import { accessEntryViolations } from './access-entry-violations.ts';
import { awsAuthViolations } from './aws-auth-violations.ts';
import { besideViolations } from './beside-violations.ts';
import { iamViolations } from './iam-violations.ts';
import { kubeViolations } from './kube-violations.ts';

/** All that Kubernetes or IAM would refuse of an output, and all that its fleet file doesn't ask for. */
export const violations = (files: readonly OutputFile[], fleet: Fleet): readonly string[] => [
  ...kubeViolations(files, fleet),
  ...iamViolations(files, fleet),
  ...awsAuthViolations(files, fleet),
  ...accessEntryViolations(files, fleet),
  ...besideViolations(files, fleet),
];
