import { stringify } from 'yaml';
import { labelOf } from '../import/cluster-names.ts';
import { product } from '../names/product.ts';
import type { Answers } from './questions.ts';

/**
 * A fleet file with comments, which passes `rollcall plan`: one cluster, in which a service restarts
 * workloads by a schedule.
 */
export function composeFleet(answers: Answers): string {
  const { name, account, cluster, region, issuer, namespace, schedule, image } = answers;
  const label = labelOf(cluster);
  return `# Rollcall's fleet file, begun by \`rollcall init\` ${product.version}. Its keys: rollcall schema
apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: ${text(name)}
# The restart job, pushed to a registry of yours.
image: ${text(image)}
accounts:
  main: ${text(account)}
# More clusters: rollcall import --profile NAME
clusters:
  - name: ${text(label)}
    account: main
    region: ${text(region)}
${label === cluster ? '' : `    eksCluster: ${text(cluster)}\n`}    oidcIssuer: ${text(issuer)}
    # access-entries, where the cluster lets principals in by those.
    accessControl: aws-auth
services:
  # Who restarts: a ServiceAccount with an IAM role, by IRSA.
  - name: restarter
    env: prd
    cluster: ${text(label)}
    namespace: rollcall
    reach:
      # The role by which it enters each cluster. Labels of clusters select many.
      - clusters: [${text(label)}]
        role: rollcall-restarts
restarts:
  - name: scheduled
    service: restarter
    # Five cron fields, in UTC.
    schedule: ${text(schedule)}
    clusters: [${text(label)}]
    workloads:
${groups(answers)
  .map(
    ([kind, names]) => `      - kind: ${text(kind)}
        namespace: ${text(namespace)}
        names: [${names.map(text).join(', ')}]
`,
  )
  .join('')}`;
}

/** A text on one line, in quotes where YAML would make something else of it. */
const text = (value: string): string =>
  stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd();

/** Workloads by kind, in the order in which kinds come first. */
function groups({ workload }: Answers): readonly (readonly [string, readonly string[]])[] {
  const byKind = new Map<string, string[]>();
  for (const one of new Set(workload)) {
    const [kind = '', name = ''] = one.split('/');
    byKind.set(kind, [...(byKind.get(kind) ?? []), name]);
  }
  return [...byKind];
}
