import type { RestartPlan } from '../plan/restart-plan.ts';
import { recommendedLabels } from './labels.ts';

/** What selects a restart's pods. */
export const restartSelector = (plan: RestartPlan): Record<string, string> => ({
  'app.kubernetes.io/name': 'rollcall-restart',
  'app.kubernetes.io/instance': plan.restart,
});

/** What selects the pods of its gates' Jobs (jobs/restart/kube/gate-job.ts). */
export const gateSelector = (plan: RestartPlan): Record<string, string> => ({
  'app.kubernetes.io/name': 'rollcall',
  'app.kubernetes.io/instance': plan.restart,
  'app.kubernetes.io/component': 'gate',
});

export const restartLabels = (plan: RestartPlan): Record<string, string> =>
  recommendedLabels({
    name: 'rollcall-restart',
    instance: plan.restart,
    component: 'restart',
    partOf: plan.fleet,
  });
