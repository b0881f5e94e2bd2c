import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { binary, dataFolder } from '../process/binaries.ts';
import { Daemon } from '../process/daemon.ts';
import { failingAnnotation, failingStages } from './failing-stages.ts';
import type { Stage } from './stage.ts';

export { failingAnnotation } from './failing-stages.ts';
export type { Stage } from './stage.ts';

/** On a pod template: how long its pods take to be ready, such as `400ms`. Default: no time. */
export const readyDelayAnnotation = 'pod-ready.stage.kwok.x-k8s.io/delay';

/**
 * kwok's own fast stages, with a delay before a pod is ready where its annotations ask for one, and
 * pods that fail.
 */
export function defaultStages(): readonly Stage[] {
  const own = ['node/fast', 'node/heartbeat-with-lease', 'pod/fast'].flatMap(readStages);
  return [...own.map(delayed), ...failingStages];
}

const delayed = (stage: Stage): Stage =>
  stage.metadata.name === 'pod-ready'
    ? {
        ...stage,
        spec: {
          ...stage.spec,
          delay: { durationMilliseconds: 0, durationFrom: { expressionFrom: readyDelay } },
        },
      }
    : stage;

/** In jq, as kwok has it. */
const readyDelay = `(.metadata.annotations // {})
  | if .["${failingAnnotation}"] and .["kubectl.kubernetes.io/restartedAt"] then "24h"
    else .["${readyDelayAnnotation}"] end`;

function readStages(folder: string): readonly Stage[] {
  const path = join(dataFolder('kwok', 'stages'), folder);
  return readdirSync(path)
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .flatMap((name) => parseAllDocuments(readFileSync(join(path, name), 'utf8')))
    .map((document) => document.toJS() as Stage);
}

export interface KwokOptions {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly stages: readonly Stage[];
  readonly logFile: string;
}

/** Plays every node and its pods. */
export function startKwok({ folder, kubeconfig, stages, logFile }: KwokOptions): Daemon {
  const config = join(folder, 'kwok.yaml');
  writeFileSync(config, stages.map((stage) => stringify(stage)).join('---\n'));
  return new Daemon({
    program: binary('kwok'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--config=${config}`,
      '--manage-all-nodes=true',
      '--node-lease-duration-seconds=40',
    ],
    logFile,
    environment: { HOME: folder },
  });
}
