import { restartedAt } from '../../../../src/simulator/kube/deployments.ts';
import { defaultStages, type Stage } from '../cluster/kwok.ts';

const stamp = `.metadata.annotations["${restartedAt}"]`;

/** Only pods of a restarted workload take the time that their template asks for: a fleet starts at once. */
export const slowStages = (): readonly Stage[] =>
  defaultStages().flatMap((stage) =>
    stage.metadata.name === 'pod-ready'
      ? [
          variant(stage, 'DoesNotExist', { delay: { durationMilliseconds: 0 } }),
          variant(stage, 'Exists'),
        ]
      : [stage],
  );

function variant(stage: Stage, operator: 'Exists' | 'DoesNotExist', change: object = {}): Stage {
  const { selector } = stage.spec as {
    readonly selector: { readonly matchExpressions: readonly object[] };
  };
  const matchExpressions = [...selector.matchExpressions, { key: stamp, operator }];
  return {
    ...stage,
    metadata: { name: `${stage.metadata.name}-stamp-${operator}`.toLowerCase() },
    spec: { ...stage.spec, ...change, selector: { ...selector, matchExpressions } },
  };
}
