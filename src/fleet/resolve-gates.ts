import { durationSeconds } from '../form/duration.ts';
import type { BlockerFile, GateFile } from './schema-checks.ts';
import type { Check, Gate } from './strategy-model.ts';

/** Of a blocker's keys exactly one stands: the schema has seen to it. */
export function resolveCheck({ condition, prometheus }: BlockerFile): Check {
  if (condition) {
    const { namespace, status = 'True', apiVersion, resource, name, type } = condition;
    return {
      kind: 'condition',
      apiVersion,
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      name,
      type,
      status,
    };
  }
  if (prometheus) return { kind: 'prometheus', url: prometheus.url, query: prometheus.query };
  throw new Error('the schema let a check without a kind pass');
}

/** Of a gate's keys exactly one stands, too. */
export function resolveGate({ approval, condition, prometheus, job }: GateFile): Gate {
  if (approval) return { timeoutSeconds: secondsOr(approval.timeout, '8h'), kind: 'approval' };
  if (job) {
    const { image, command = [], timeout } = job;
    return { timeoutSeconds: secondsOr(timeout, '30m'), kind: 'job', image, command };
  }
  const timeout = (condition ?? prometheus)?.timeout;
  return {
    timeoutSeconds: secondsOr(timeout, '30m'),
    kind: 'check',
    check: resolveCheck({ condition, prometheus }),
  };
}

const secondsOr = (text: string | undefined, preset: string): number => seconds(text ?? preset);

/** @throws Error for a text that the rules should not have let pass */
export function seconds(text: string): number {
  const known = durationSeconds(text);
  if (known === undefined) throw new Error(`the rules let the duration "${text}" pass`);
  return known;
}
