import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import {
  journeyClusters,
  journeySteps,
  needsNothing,
  nowhere,
  writeJourneyKubeconfig,
} from '../support/journey.ts';
import { patternOf, Shell } from '../support/transcript.ts';
import { exitStages } from './support/cron/exit-stages.ts';
import { startRealFleet, type RealFleet } from './support/fleet/real-fleet.ts';
import { stampsOf } from './support/fleet/stamps.ts';
import { playJob } from './support/journey/first-job.ts';
import { binary } from './support/process/binaries.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-journey-'));
const steps = await journeySteps();
let fleet: RealFleet | undefined;
let restarted: string | undefined;

const shell = new Shell({
  folder,
  programs: { kubectl: binary('kubectl'), helm: binary('helm') },
  environment: { KUBECONFIG: writeJourneyKubeconfig(folder, () => nowhere) },
});

/** The file is written by the journey's first steps; clusters are started from it. */
beforeAll(async () => {
  for (const { command } of steps.filter(needsNothing)) await shell.run(command);
  writeFileSync(join(folder, 'fleet.prior.yaml'), stringify(prior));
  const started = await startRealFleet({
    fleetFile: join(folder, 'fleet.yaml'),
    folder: join(folder, 'lab'),
    stages: exitStages(),
    bareClusters: true,
  });
  fleet = started;
  writeJourneyKubeconfig(folder, (name) => started.cluster(name).server.endpoint('admin'));
});

afterAll(async () => {
  shell.close();
  await fleet?.close();
  rmSync(folder, { recursive: true });
});

it('IAM was told what the reader’s folder says', () => {
  const iamIn = (dist: string) =>
    globSync('_iam/**/*.json', { cwd: dist })
      .sort()
      .map((path) => [path, readFileSync(join(dist, path), 'utf8')]);
  expect(iamIn(join(folder, 'dist')).length).toBeGreaterThan(3);
  expect(iamIn(join(folder, 'dist'))).toEqual(iamIn(fleet?.outputDir ?? ''));
});

it.each(steps.filter((step) => !needsNothing(step)))(
  'the README shows what this says: $command',
  async ({ command, output }) => {
    // A Job that fails is told at once, not when the reader's patience ends.
    const [said] = await Promise.all([
      shell.run(command),
      command.includes('create job') && restartedOnce(),
    ]);
    if (output !== undefined) expect(said).toMatch(patternOf(output));
  },
);

/** The Job's pod restarts the Deployment, and proves it. */
async function restartedOnce(): Promise<void> {
  if (!fleet) throw new Error('no fleet');
  const place = { hub: 'ci', namespace: 'rollcall', cronJob: 'scheduled', name: 'first' };
  const { end, verdict } = await playJob(fleet, place);
  expect([end.code, verdict, end.stderr]).toEqual([0, 'complete', expect.any(String)]);
  expect(end.report?.workloads).toEqual([
    expect.objectContaining({
      cluster: 'golf-prd',
      name: 'encrypter',
      outcome: expect.objectContaining({ kind: 'restarted' }),
    }),
  ]);
  restarted = end.report?.run;
}

it('the Deployment was restarted once, by that run', async () => {
  if (!fleet || restarted === undefined) throw new Error('the README has no first restart');
  const stamps = await stampsOf(fleet);
  expect([...stamps]).toEqual([['golf-prd/Deployment/sts/encrypter', [restarted]]]);
});

/** What there is before: two clusters, one with a workload and nodes of its own in aws-auth. */
const { ci, 'golf-prd': golf } = journeyClusters;
const prior = {
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'PriorState',
  accounts: [{ id: ci.account }, { id: golf.account }],
  clusters: [
    {
      name: 'ci',
      ...ci,
      oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E',
    },
    {
      name: 'golf-prd',
      ...golf,
      awsAuth: {
        mapRoles: [
          '- rolearn: arn:aws:iam::508208880112:role/golf-prd-node',
          '  username: system:node:{{EC2PrivateDNSName}}',
          '  groups: [system:bootstrappers, system:nodes]',
          '',
        ].join('\n'),
      },
      deployments: [{ namespace: 'sts', name: 'encrypter', replicas: 2, rolloutSeconds: 1 }],
    },
  ],
};
