import { parseRoleArn } from '../../names/arn.ts';
import { AwsError } from '../aws/aws-error.ts';
import type { Iam } from '../aws/iam.ts';
import { applyEksStep, type EksWorld } from './apply-eks.ts';
import type { DocumentedStep, StepOf } from './apply-steps.ts';
import { LoadError } from './load-error.ts';

/** What the steps change. */
export interface AppliedWorld extends EksWorld {
  readonly iam: Iam;
}

/** Takes the generated steps in their order; IAM and EKS refuse what they would refuse. */
export function applySteps(world: AppliedWorld, steps: readonly DocumentedStep[]): void {
  for (const step of steps) {
    const place = `_iam/apply-order.json: step ${step.step} (${step.action}, ${subjectOf(step)})`;
    requireConsistent(world.iam, step, place);
    refusedAs(place, () => {
      apply(world, step);
    });
  }
}

function apply(world: AppliedWorld, step: DocumentedStep): void {
  const { iam } = world;
  switch (step.action) {
    case 'create-oidc-provider':
      createProvider(iam, step);
      return;
    case 'create-role':
      createRole(iam, step);
      return;
    case 'put-permissions':
    case 'add-permission-statements':
      iam.putPolicy(step.arn, step.policy, step.document);
      return;
    case 'attach-managed-policy':
      iam.createPolicy(step.policyArn, step.document);
      iam.attachPolicy(step.arn, step.policyArn);
      return;
    case 'add-trust-statements':
      requireLongSessions(iam, step);
      iam.addTrust(step.arn, step.document);
      return;
    case 'create-access-entry':
    case 'create-pod-identity-association':
      applyEksStep(world, step);
      return;
  }
}

/** One a URL and account: where it is there, it is told the client ids that it lacks. */
function createProvider(iam: Iam, step: StepOf<'create-oidc-provider'>): void {
  const { account, arn, issuer, clientIds } = step;
  const known = iam.provider(account, issuer)?.clientIds ?? [];
  iam.addProvider(account, { arn, issuer, clientIds: [...new Set([...known, ...clientIds])] });
}

function createRole(iam: Iam, step: StepOf<'create-role'>): void {
  const { arn, document, maxSessionSeconds, permissionsBoundary, tags } = step;
  iam.createRole({
    arn,
    trust: document,
    maxSessionDuration: maxSessionSeconds,
    tags,
  });
  if (permissionsBoundary !== undefined) iam.putBoundary(arn, permissionsBoundary);
}

/** How long its sessions may be is up to a role's owner. */
function requireLongSessions(iam: Iam, step: StepOf<'add-trust-statements'>): void {
  const { arn, maxSessionSeconds } = step;
  const found = iam.role(arn)?.maxSessionDuration ?? maxSessionSeconds;
  if (found >= maxSessionSeconds) return;
  throw new AwsError(
    'ValidationError',
    `the role lets sessions last ${found} seconds where ${maxSessionSeconds} are needed; its owner must change that: say so in the prior state (maxSessionDuration)`,
  );
}

/** What a step is about, for people. */
function subjectOf(step: DocumentedStep): string {
  if ('file' in step) return step.file;
  if ('arn' in step) return step.arn;
  return step.cluster;
}

function requireConsistent(iam: Iam, step: DocumentedStep, place: string): void {
  const { account } = step;
  if ('role' in step) {
    const parsed = parseRoleArn(step.arn);
    if (parsed?.account !== account || parsed.name !== step.role) {
      const found = `the ARN ${step.arn} is not that of ${account}/${step.role}`;
      throw new LoadError('simulator/iam', place, found);
    }
  }
  if (!iam.hasAccount(account)) {
    throw new LoadError(
      'simulator/iam',
      place,
      `the prior state has no account ${account}; declare it under accounts`,
    );
  }
}

/** An AWS refusal, with the place of what was refused. */
export function refusedAs(place: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new LoadError('simulator/iam', place, `${cause.code}: ${cause.message}`, { cause });
  }
}
