import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { isFileError, UserError } from '../../../charts/user-error.ts';
import { readExport, type Exported } from '../../import/exports.ts';
import type { ClusterFacts, LeftOut } from '../../import/facts.ts';
import { factsOfContext } from '../../import/kubeconfig.ts';
import type { CliIo } from '../io.ts';
import { loadKubeConfig } from '../operate/kube-config.ts';

/** The EKS clusters that a kubeconfig’s contexts lead to. No command in it is run, no token looked at. */
export function readKubeconfig(
  io: CliIo,
  file: string | true,
): { readonly clusters: readonly ClusterFacts[]; readonly leftOut: readonly LeftOut[] } {
  const config = loadKubeConfig(io, file === true ? {} : { kubeconfig: file });
  const clusters: ClusterFacts[] = [];
  const leftOut: LeftOut[] = [];
  for (const { name, cluster: named, user: userName } of config.getContexts()) {
    const cluster = config.getCluster(named);
    const user = config.getUser(userName);
    const exec = user?.exec as { command?: string; args?: readonly string[] | null } | undefined;
    const found = factsOfContext({
      name,
      cluster: named,
      server: cluster?.server ?? '',
      ...(cluster?.caData !== undefined && { certificateAuthority: cluster.caData }),
      ...(exec?.command !== undefined && {
        exec: { command: exec.command, args: (exec.args ?? []).map(String) },
      }),
    });
    if (found.kind === 'left-out') leftOut.push(found.leftOut);
    else clusters.push(found.facts);
  }
  return { clusters, leftOut };
}

/** @throws UserError `import/file` where it can’t be read, or is none of the exports that are known */
export function readExported(file: string): Exported {
  const value = readData(file);
  const exported = readExport(value);
  if (exported) return exported;
  throw unreadable(file, 'another kind of file');
}

function readData(file: string): unknown {
  try {
    const document = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'silent' });
    const [error] = document.errors;
    if (error) throw unreadable(file, `line ${error.linePos?.[0].line ?? 1} is no YAML or JSON`);
    return document.toJS();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(
      file,
      isFileError(error) ? error.message : 'aliases that copy too much',
      error,
    );
  }
}

/** The file’s text is not shown: a kubeconfig or a Secret may have been named by mistake. */
const unreadable = (file: string, found: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'import/file',
      place: file,
      found,
      expected:
        'what `kubectl -n kube-system get configmap aws-auth -o yaml`, `aws iam get-role`, `get-role-policy` or `get-policy-version` prints',
      next: 'Export it anew, and name that file.',
    },
    { cause },
  );
