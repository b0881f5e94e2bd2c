import { describe, expect, it } from '@jest/globals';
import { blame, stampedAt } from '../../../../jobs/restart/core/blame.ts';
import type { FieldManager } from '../../../../jobs/restart/ports.ts';
import { observed } from '../support/observed.ts';

const at = (second: number): string => `2026-11-23T02:15:${String(second).padStart(2, '0')}Z`;
const wrote = (manager: string, second: number, ownsStamp = false): FieldManager => ({
  manager,
  operation: 'Update',
  time: at(second),
  ...(ownsStamp && { ownsStamp }),
});
const seen = (...managers: readonly FieldManager[]) => observed({ managers });

const owner = wrote('helm', 1);
const stamped = at(10);

describe('who undid a stamp', () => {
  it.each([
    ['owns the stamp now', [owner, wrote('argocd', 12, true)], { by: 'argocd' }],
    ['came to own it in the same second', [owner, wrote('argocd', 10, true)], { by: 'argocd' }],
    [
      'owns the stamp now, whoever wrote later',
      [wrote('argocd', 11, true), wrote('kubectl-annotate', 12)],
      { by: 'argocd' },
    ],
    [
      'is at best guessed from who wrote since: it may have been something else',
      [owner, wrote('argocd', 13), wrote('x', 12)],
      { by: 'argocd', guessed: true },
    ],
    [
      'is not who owned an older stamp long ago',
      [wrote('kubectl-rollout', 1, true), wrote('argocd', 12)],
      { by: 'argocd', guessed: true },
    ],
    ['left no trace: a guess', [wrote('x', 0), owner], { by: 'helm', guessed: true }],
    [
      'is neither the job nor the Deployment controller',
      [owner, wrote('rollcall', 10), wrote('kube-controller-manager', 12)],
      { by: 'helm', guessed: true },
    ],
    ['is nobody that is known', [wrote('rollcall', 10)], {}],
  ])('%s', (_, managers, expected) => {
    expect(blame(seen(...managers), stamped)).toEqual(expected);
  });

  it('is a guess where nobody knows when the stamp was written', () => {
    const managers = [owner, wrote('argocd', 59, true)];
    expect(blame(seen(...managers), undefined)).toEqual({ by: 'argocd', guessed: true });
  });
});

describe('when a stamp was written', () => {
  it('is the last write of whoever owns it', () => {
    const managers = [owner, wrote('kubectl-rollout', 3, true), wrote('rollcall', 10, true)];
    expect(stampedAt(seen(...managers))).toBe(stamped);
    expect(stampedAt(seen(owner))).toBeUndefined();
  });
});
