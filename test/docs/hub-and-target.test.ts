import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import type { RestartPlan } from '../../src/plan/restart-plan.ts';
import { codeBlocks, readPage } from './markdown.ts';
import { programOf } from './reference/public-api.ts';
import { togetherFile } from './reference/together.ts';

/** A manifest, in the parts that are looked at. */
interface Made {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly {
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[];
}

/** What the program writes, by file. */
function synthesised(): Readonly<Record<string, readonly Made[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-constructs-'));
  try {
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', togetherFile], {
      env: { ...process.env, NODE_OPTIONS: '', CDK8S_OUTDIR: folder },
    });
    return Object.fromEntries(
      readdirSync(folder).map((file) => [
        file,
        parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map(
          (one) => one.toJS() as Made,
        ),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const page = await readPage('docs/constructs.md');

it('the app of a hub and its target compiles', () => {
  const program = programOf([togetherFile]);
  const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(togetherFile));
  expect(found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'))).toEqual([]);
});

describe('a hub and its target', () => {
  const files = synthesised();
  const one = (file: string, kind: string, name?: string): Made => {
    const found = files[file]?.filter(
      (made) => made.kind === kind && (name === undefined || made.metadata.name === name),
    );
    if (found?.length === 1 && found[0]) return found[0];
    throw new Error(`${file} has ${found?.length ?? 'no'} ${kind}`);
  };
  const hub = 'ci.k8s.yaml';
  const golf = 'golf-prd.k8s.yaml';
  const planMap = one(hub, 'ConfigMap', 'after-key-creation-plan');
  const plan = JSON.parse(planMap.data?.['plan.json'] ?? '') as RestartPlan;
  const [target] = plan.targets;

  it('are a file each, by the names that the page says', () => {
    const section = page.nodes.map(({ value = '' }) => value).join('\n');
    expect(Object.keys(files).sort()).toEqual([hub, golf]);
    for (const file of [hub, golf]) expect(section).toContain(`apply -f dist/${file}`);
  });

  it('the user who is bound is whom the role of the plan is mapped to', () => {
    const bound = one(golf, 'RoleBinding');
    expect(bound.roleRef?.name).toBe(one(golf, 'Role').metadata.name);
    const [user] = bound.subjects ?? [];
    expect(user?.kind).toBe('User');
    const command = codeBlocks(page, 'sh').find((text) => text.includes('create-access-entry'));
    const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command ?? '')?.[1];
    expect({
      cluster: option('cluster-name'),
      region: option('region'),
      role: option('principal-arn'),
      user: option('username'),
    }).toEqual({
      cluster: target?.eksCluster,
      region: target?.region,
      role: target?.roleArn,
      user: user?.name,
    });
    const [entry] = codeBlocks(page, 'yaml').map((text) => parse(text) as unknown);
    expect(entry).toEqual([{ rolearn: target?.roleArn, username: user?.name, groups: [] }]);
  });

  it('the Role holds for what the plan restarts, and for nothing else', () => {
    const { metadata, rules = [] } = one(golf, 'Role');
    const granted = rules
      .filter(({ verbs }) => verbs.includes('patch'))
      .map(({ resources, resourceNames }) => [metadata.namespace, resources, resourceNames]);
    expect(granted).toEqual(
      target?.workloads.map((group) => [
        group.namespace,
        [`${group.kind.toLowerCase()}s`],
        'names' in group ? group.names : undefined,
      ]),
    );
    // The strategy's diagnostics take rights, and both sides have it.
    expect(plan.strategy.diagnostics).toBe(true);
    expect(rules.some(({ resources }) => resources.includes('pods'))).toBe(true);
  });

  it('the pods run as the ServiceAccount that has the role of the plan', () => {
    const { metadata } = one(hub, 'ServiceAccount');
    const job = JSON.stringify(one(hub, 'CronJob'));
    expect(job).toContain(`"serviceAccountName":"${metadata.name}"`);
    expect(plan.identity).toMatchObject({
      roleArn: metadata.annotations?.['eks.amazonaws.com/role-arn'],
    });
    const subject = `system:serviceaccount:${metadata.namespace}:${metadata.name}`;
    expect(page.nodes.map(({ value }) => value)).toContain(subject);
    expect(one(hub, 'Namespace').metadata.name).toBe(metadata.namespace);
  });
});
