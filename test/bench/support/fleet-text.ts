import { availableParallelism } from 'node:os';
import { columns } from '../../../src/cli/io.ts';
import { growthOf, type Check, type FleetFigures } from './fleet-figures.ts';

const heads = [
  'CLUSTERS',
  'WORKLOADS',
  'FAULTS',
  'WALL s',
  '× LIMITS',
  'PEAK MB',
  'CPU ms EACH',
  'REQUESTS',
  'EACH',
  'RECORD WRITES EACH',
  'TO THE HUB',
  'OTHERS',
  'EXIT',
];

/** For people: a line for each run, and every bound. */
export function fleetText(figures: readonly FleetFigures[]): string {
  const rows = figures.map((one) => [
    String(one.clusters),
    String(one.workloads),
    String(one.faults),
    one.wall.toFixed(1),
    one.wallRatio.toFixed(2),
    one.peak.toFixed(0),
    one.cpuEach.toFixed(1),
    String(one.requests),
    one.requestsEach.toFixed(2),
    one.recordWritesEach.toFixed(2),
    String(one.hubRequests),
    one.others.toFixed(2),
    one.exit,
  ]);
  const growth = growthOf(figures);
  const checks = [
    ...figures.flatMap((one) =>
      one.checks.map((check) => [
        `${one.clusters} clusters${one.faults === 0 ? ', no faults' : ''}`,
        ...checkRow(check),
      ]),
    ),
    ...(growth ? [['linear', ...checkRow(growth)]] : []),
  ];
  return [
    `${availableParallelism()} cores, Node ${process.version}; OTHERS: share of the machine; × LIMITS: of the time that the limits themselves set`,
    '',
    columns([heads, ...rows]),
    columns([['RUN', 'BOUND', 'FOUND', 'AT MOST', ''], ...checks]),
  ].join('\n');
}

const checkRow = ({ what, found, atMost, kept }: Check): readonly string[] => [
  what,
  rounded(found),
  rounded(atMost),
  kept ? '' : 'ABOVE',
];

const rounded = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(2);
