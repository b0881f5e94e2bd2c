import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { binary, dataFolder } from '../process/binaries.ts';
import { Daemon } from '../process/daemon.ts';

/** A step in the life of a simulated node or pod (kwok's own kind). */
export interface Stage {
  readonly apiVersion: 'kwok.x-k8s.io/v1alpha1';
  readonly kind: 'Stage';
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** On a pod template: how long its pods take to be ready, such as `400ms`. Default: no time. */
export const readyDelayAnnotation = 'pod-ready.stage.kwok.x-k8s.io/delay';
/** On a pod template: once restarted, its pods are never ready. */
export const failingAnnotation = 'rollcall-e2e/fails-when-restarted';

/** kwok's own fast stages, with a delay before a pod is ready where its annotations ask for one. */
export function defaultStages(): readonly Stage[] {
  return ['node/fast', 'node/heartbeat-with-lease', 'pod/fast'].flatMap(readStages).map((stage) =>
    stage.metadata.name === 'pod-ready'
      ? {
          ...stage,
          spec: {
            ...stage.spec,
            delay: { durationMilliseconds: 0, durationFrom: { expressionFrom: readyDelay } },
          },
        }
      : stage,
  );
}

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
