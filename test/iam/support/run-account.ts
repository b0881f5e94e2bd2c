import type { AccessGraph } from '../../../src/access/graph.ts';
import { renderAwsCli } from '../../../src/iam/aws-cli/render.ts';
import { buildModel } from '../../../src/iam/build-model.ts';
import { account } from './roles.ts';
import { runScript, type Answer } from './run-script.ts';

/** The script of an account, run: how it ends, and what it changes. */
export function run(graph: AccessGraph, answers: readonly Answer[] = [], caller: string = account) {
  const [file] = renderAwsCli(buildModel(graph).model);
  if (!file) throw new Error('no script');
  const { code, stderr, calls } = runScript(file, caller, answers);
  const changes = calls
    .filter(([, operation = '']) => !/^(?:get|list|describe)-/.test(operation))
    .map(([service, operation, , input]) => ({
      call: `${String(service)} ${String(operation)}`,
      input: JSON.parse(input ?? '') as Readonly<Record<string, unknown>>,
    }));
  return { code, stderr, changes, asked: calls.length };
}

/** What it changes, in order. */
export const named = ({ changes }: ReturnType<typeof run>): readonly string[] =>
  changes.map(({ call }) => call);
