import { isDnsLabel } from '../names/kubernetes.ts';
import { fillEnv } from '../form/role-template.ts';
import { type RuleName, rules } from '../form/rules.ts';
import type { Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Expanded, ServiceDraft } from './expand-envs.ts';
import { reportExactlyOne, reportRepeated, reportUnknown } from './references.ts';
import { valueAt } from './schema-at.ts';
import type { FleetDraft } from './shape.ts';

/** One environment or several, each once, and nothing said of one that isn't there. */
export function checkEnvs(service: ServiceDraft, path: FleetPath, problems: Problems): void {
  reportExactlyOne(problems, service, path, ['env', 'envs'], 'Add env, such as env: prd.');
  reportRepeated(problems, service.envs, [...path, 'envs']);
  if (!('perEnv' in service)) return;
  if (!('envs' in service)) {
    problems.add({
      code: 'fleet/misplaced-key',
      path: [...path, 'perEnv'],
      atKey: true,
      found: 'perEnv, and no envs',
      expected: 'perEnv beside envs alone: it says what differs in one of them',
      next: 'Write its keys into the service itself, or list envs.',
    });
  }
  const { envs = [undefined] } = service;
  const known = envs.filter((env) => env !== undefined);
  if (known.length < envs.length) return; // a name with a fault may be the one that is meant
  for (const env of Object.keys(service.perEnv ?? {})) {
    if (known.includes(env)) continue;
    reportUnknown(problems, 'env', env, known, [...path, 'perEnv', env], true);
  }
}

const forms = { namespace: 'dnsLabel', serviceAccount: 'objectName', role: 'roleName' } as const;
const formsOfReach = {
  role: 'roleName',
  kubernetesUser: 'kubernetesUser',
  externalId: 'externalId',
} as const;

/** What `{env}` is filled into must have its form then too; names of clusters and accounts are looked up. */
export function checkFilled(
  { service, env, at }: Expanded<ServiceDraft>,
  draft: FleetDraft,
  problems: Problems,
): void {
  if (env === undefined || !isDnsLabel(env)) return;
  const check = (rule: RuleName, filled: string | undefined, path: FleetPath): void => {
    const written = valueAt(draft, path);
    if (filled === undefined || filled === written || rules[rule].test(filled)) return;
    if (typeof written !== 'string' || !rules[rule].test(fillEnv(written, 'e'))) return;
    const { code, expected, next } = rules[rule];
    problems.add({ code, path, found: `${quoted(filled)}, {env} filled in`, expected, next });
  };
  for (const key of ['namespace', 'serviceAccount', 'role'] as const) {
    check(forms[key], service[key], at(key));
  }
  for (const [index, reach] of (service.reach ?? []).entries()) {
    for (const key of ['role', 'kubernetesUser', 'externalId'] as const) {
      check(formsOfReach[key], reach?.[key], [...at('reach'), index, key]);
    }
  }
}
