import type { BenchSize } from './bench-fleet.ts';
import type { Contender } from './contenders.ts';
import type { Laboratory } from './laboratory.ts';
import type { Measured } from './measure.ts';
import { othersShare, processorTime } from './processor-time.ts';
import { checkBudget, countRequests, type BudgetCheck, type RequestCount } from './requests.ts';
import { quietShare } from './rest.ts';

/** One run of one contender. */
export interface Sample {
  readonly contender: string;
  /** 0 warms up caches, and is in no figure. */
  readonly round: number;
  /** The share of the machine that processes which aren't ours had meanwhile. */
  readonly others: number;
  readonly measured: Measured;
  /** To the cluster with the workloads, by the contender's user agent. */
  readonly requests: readonly RequestCount[];
  /** To the cluster with the run record. */
  readonly hubRequests: readonly RequestCount[];
  /** Of the job alone. */
  readonly budget?: BudgetCheck;
}

/** A patch a workload; a list, a watch and a last look a namespace and kind: here there is one of them. */
export const budgetOf = ({ workloads }: BenchSize) => ({ patches: workloads, looks: 3 });

/** A run that others disturb is done again; the last try stands, whatever it was like. */
const mostTries = 3;

/** Every contender in turn, several times; another one begins each round. */
export async function runRounds(
  laboratory: Laboratory,
  contenders: readonly Contender[],
  rounds: number,
  tell: (line: string) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      for (let tries = round === 0 ? mostTries : 1; ; tries += 1) {
        const sample = await runOnce(laboratory, contender, { round, tries });
        const again = tries < mostTries && sample.others >= quietShare;
        tell(described(sample) + (again ? '; again' : ''));
        if (again) continue;
        samples.push(sample);
        break;
      }
    }
  }
  return samples;
}

const described = ({ contender, round, others, measured }: Sample): string =>
  `${round === 0 ? 'warm-up' : `round ${round}`}: ${contender}: ${(measured.wallMs / 1000).toFixed(1)} s, others had ${Math.round(others * 100)} % of the machine`;

async function runOnce(
  laboratory: Laboratory,
  contender: Contender,
  { round, tries }: { readonly round: number; readonly tries: number },
): Promise<Sample> {
  const { audit, size } = laboratory;
  await laboratory.settle();
  const generations = await laboratory.generations();
  for (const log of [audit.target, audit.hub]) log.mark();
  const folder = `${contender.name.replaceAll(/\W+/g, '-')}-${round}-${tries}`;
  const before = processorTime();
  const measured = await contender.run(laboratory, folder);
  const { wallMs, cpuMs } = measured;
  const others = othersShare(before, processorTime(), { wallMs, ended: cpuMs });
  const requests = countRequests(await audit.target.of(contender.agent));
  const hubRequests = countRequests(await audit.hub.of(contender.agent));
  const now = await laboratory.generations();
  if (now.some((generation, index) => generation !== (generations[index] ?? 0) + 1))
    throw new Error(`${contender.name}: not every workload was changed exactly once`);
  const sample = { contender: contender.name, round, others, measured, requests, hubRequests };
  return contender.agent.startsWith('rollcall')
    ? { ...sample, budget: checkBudget(requests, budgetOf(size)) }
    : sample;
}
