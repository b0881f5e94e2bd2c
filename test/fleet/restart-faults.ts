import { readFileSync } from 'node:fs';
import { changed } from './support.ts';

/** A sound fleet file that uses what a restart can be told. */
export const strategyFleet = readFileSync(
  new URL('../../examples/strategy.yaml', import.meta.url),
  'utf8',
);

type Case = readonly [from: string, to: string, ...faults: string[]];

/**
 * What is changed in that file, and the faults that this alone makes; each is expected at its `§`,
 * in their order.
 */
export const restartCases: readonly Case[] = [
  // the shape
  ['preflight: all', 'preflight: §every', 'fleet/unknown-value'],
  ['settle: 5m', '§setle: 5m', 'fleet/unknown-key'],
  ['soak: 30m', '§soaks: 30m', 'fleet/unknown-key'],
  ["status: 'False'", 'status: §False', 'fleet/unknown-value'],
  ['days: [Mon,', 'days: [§Monday,', 'fleet/unknown-value'],
  ['kind: DaemonSet', 'kind: §CronJob', 'fleet/unknown-value'],
  ['paused: true', 'paused: §yes', 'fleet/wrong-type'],
  ['maxFailures: 5%', 'maxFailures: §[5]', 'fleet/wrong-type'],
  ['runs: 3', 'runs: §0', 'fleet/out-of-range'],
  ['approval: { timeout: 4h }', 'approval: §', 'fleet/wrong-type'],
  ['days: [Mon, Tue, Wed, Thu]', 'days: §[]', 'fleet/empty'],
  ['after: [readers]', 'after: §[]', 'fleet/empty'],
  ['selector: { app.kubernetes.io/part-of: keys }', 'selector: §{}', 'fleet/empty'],
  ['names: [storefront]\n        ', '', 'fleet/exactly-one 60:9'],
  ['names: [storefront]', 'names: [x]\n        §selector: {a: b}', 'fleet/exactly-one'],
  ['names: [storefront]', '§nmes: [storefront]', 'fleet/unknown-key'],
  [
    'namespaces: [keys, web]',
    'namespace: a\n        §namespaces: [keys, web]',
    'fleet/exactly-one',
  ],
  ['- approval: { timeout: 4h }', '- §{}', 'fleet/exactly-one'],
  ['- approval: { timeout: 4h }', '- {§approvl: {}}', 'fleet/unknown-key'],
  // the form of a value
  ['selector: { app.kubernetes.io', 'selector: { §-app.kubernetes.io', 'fleet/label'],
  ['soak: 30m', 'soak: §30', 'fleet/duration'],
  ['settle: 5m', 'settle: §0s', 'fleet/duration'],
  ['within: 2h', 'within: §2d', 'fleet/duration'],
  ["from: '22:00'", "from: §'24:00'", 'fleet/time-of-day'],
  ["to: '04:00'", "to: §'4:00'", 'fleet/time-of-day'],
  ['maxFailures: 5%', 'maxFailures: §101%', 'fleet/failures'],
  ['maxFailures: 5%', 'maxFailures: §-1', 'fleet/out-of-range'],
  ['timeZone: Etc/UTC', 'timeZone: §UTC+1', 'fleet/time-zone'],
  ['http://prometheus', '§http://user:secret@prometheus', 'fleet/url'],
  ['http://prometheus', '§ftp://prometheus', 'fleet/url'],
  ['9443/prd', '9443/prd?x=1', 'fleet/url 107:18'],
  ['query: ALERTS{alertname="ErrorBudgetBurn"}', 'query: §" "', 'fleet/query'],
  ['[/smoke, --all]', `[/smoke, §${'x'.repeat(4097)}]`, 'fleet/command'],
  ['registry.example.com/smoke-tests:1.4.0', '§smoke tests', 'fleet/image'],
  ['apiVersion: apps/v1', 'apiVersion: §apps/v1/x', 'fleet/condition'],
  ['resource: nodes', 'resource: §Node', 'fleet/condition'],
  ['resource: deployments', 'resource: §secrets', 'fleet/condition'],
  ['type: Ready', 'type: §is ready', 'fleet/condition'],
  // what the parts mean together
  ['name: agents', 'name: §databases', 'fleet/duplicate-name', 'fleet/unknown-group 59:28'],
  ['after: [databases]', 'after: [§database]', 'fleet/unknown-group'],
  ['after: [databases, agents]', 'after: [databases, §storefronts]', 'fleet/unknown-group'],
  ['names: [key-store]', 'names: [key-store]\n        after: §[readers]', 'fleet/circular-order'],
  ['after: [databases]', 'after: §[agents]', 'fleet/circular-order'],
  [
    'names: [key-agent, log-agent]',
    'names: [key-agent, §key-agent]',
    'fleet/duplicate-workload',
    'fleet/duplicate-workload',
  ],
  ['namespaces: [keys, web]', 'namespaces: [keys, §keys]', 'fleet/duplicate-workload'],
  [
    'kind: Rollout\n        names: [storefront]',
    'kind: DaemonSet\n        names: [§log-agent]',
    'fleet/duplicate-workload',
  ],
  [
    '- namespace: web\n        kind: Rollout\n        names: [storefront]',
    '- namespace: web\n        selector: §{app.kubernetes.io/part-of: keys}',
    'fleet/duplicate-workload',
  ],
  ['name: early', 'name: §canary', 'fleet/duplicate-name'],
  ['name: early', 'name: §rest', 'fleet/duplicate-name'],
  ['clusters: { wave: canary }', 'clusters: §{ wave: cnary }', 'fleet/empty-selection'],
  ['clusters: [apple-prd]', 'clusters: [§aple-prd]', 'fleet/unknown-cluster'],
  ['clusters: [apple-prd]', 'clusters: [§hub]', 'fleet/unknown-cluster'],
  ['clusters: [apple-prd]', 'clusters: §[apple-canary]', 'fleet/empty-wave'],
  ['clusters: { wave: canary }', 'clusters: {}', 'fleet/empty-wave 71:21'],
  ['      unmatched: last\n', '', 'fleet/unmatched-cluster 66:7'],
  ['unmatched: last', 'unmatched: error', 'fleet/unmatched-cluster 66:7'],
  ['onFailure: halt', 'onFailure: §continue', 'fleet/failures-conflict'],
  ["to: '04:00'", "to: §'22:00'", 'fleet/empty-window'],
  [
    '- { days: [Sat, Sun], timeZone',
    "- { days: [Sat, Sun], to: §'00:00', timeZone",
    'fleet/empty-window',
  ],
  ['runTimeout: 12h', 'runTimeout: 30m', 'fleet/run-too-short 69:17'],
  ['soak: 10m', 'soak: §12h', 'fleet/run-too-short'],
];

/** What is changed in that file, which stays sound. */
export const soundChanges: readonly (readonly [from: string, to: string])[] = [
  ['soak: 10m', 'soak: 0s'],
  ['maxFailures: 5%', 'maxFailures: 0'],
  ['maxFailures: 5%\n      onFailure: halt', 'onFailure: continue'],
  ["to: '04:00'", "to: '24:00'"],
  ['- { days: [Sat, Sun], timeZone: Etc/UTC }', '- {}'],
  ['clusters: [apple-prd]', 'clusters: [apple-prd, apple-canary]'],
  ['after: [readers]', 'after: [readers, databases]'],
  ['approval: { timeout: 4h }', 'approval: {}'],
  ['http://prometheus.monitoring:9090', 'https://[2001:db8::1]/a/b/'],
];

export const changedStrategy = (from: string, to: string): string =>
  changed(from, to, strategyFleet);
