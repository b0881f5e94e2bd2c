import type { Simulation } from '../simulation.ts';
import type { Host, Scope } from './host.ts';

/** A gate is asked so often. Milliseconds. */
const askEveryMs = 10_000;

/** Asks a gate as `jobs/restart/gates.ts` does, without promises. */
export function askGate(host: Host, scope: Scope, wave: number, gate: number): void {
  const planned = host.job.plan.strategy.waves[wave]?.gates[gate];
  if (!planned) throw new RangeError(`no gate ${wave}/${gate}`);
  const end = host.monotonic() + planned.timeoutSeconds * 1000;
  const tell = (passed: boolean, message: string): void => {
    host.emit({ type: 'gateAnswered', wave, gate, passed, message });
  };
  const ask = (): void => {
    host.send({
      to: 'hub',
      doing: `ask gate ${wave}/${gate}`,
      serve: () => host.sim.gate(`${wave}/${gate}/${host.job.instant}/${String(host.job.other)}`),
      answer: (reply) => {
        if (!scope.open) return;
        const state = reply.ok ? reply.value : 'notYet';
        if (state !== 'notYet') tell(state === 'passed', state);
        else if (host.monotonic() >= end) tell(false, 'its time is over');
        else {
          host.later(askEveryMs, () => {
            if (scope.open) ask();
          });
        }
      },
    });
  };
  ask();
}

export function askBlockers(host: Host, scope: Scope): void {
  host.send({
    to: 'hub',
    doing: 'ask blockers',
    serve: () => host.hub.blocking,
    answer: (reply) => {
      if (!scope.open) return;
      const blocking = reply.ok ? reply.value : reply.trouble.message;
      host.emit({ type: 'blockersAnswered', ...(blocking !== undefined && { blocking }) });
    },
  });
}

export type GateState = 'passed' | 'refused' | 'notYet';

/** What a gate answers: from some moment on it is passed, refuses, or neither for ever. */
export function drawGate({ random, swarm }: Simulation): { from: number; then: GateState } {
  const then = swarm.has('gateFails')
    ? random.pick(['refused', 'notYet', 'passed'] as const)
    : 'passed';
  return { from: random.pick([0, 0, 20_000, 200_000]), then };
}
