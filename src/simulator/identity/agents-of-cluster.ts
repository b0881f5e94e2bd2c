import { z } from 'zod';
import type { WorldCluster } from '../load/cluster.ts';
import type { KiamSettings, Kube2iamSettings } from '../load/prior-nodes.ts';

const daemonSet = z.object({
  kind: z.literal('DaemonSet'),
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(z.object({ image: z.string(), args: z.array(z.string()).default([]) })),
      }),
    }),
  }),
});

/** The command line of a DaemonSet's container, as generated. */
interface Program {
  readonly image: string;
  /** Without the leading dashes; a flag without a value is `true`. */
  readonly flags: ReadonlyMap<string, string>;
}

/** kiam as it is generated for the cluster, or as somebody else runs it. */
export function kiamOf({ manifests, nodes }: WorldCluster): KiamSettings | undefined {
  const programs = manifests.flatMap(programsOf);
  const server = programs.find(({ flags }) => flags.has('assume-role-arn'));
  if (!server) return nodes.kiam;
  // Without the agent nothing stands before the node's own service.
  if (!programs.some(({ flags }) => flags.has('host-interface') && flags.has('server-address'))) {
    return undefined;
  }
  return {
    version: /:v3\b/.test(server.image) ? 'v3' : 'v4',
    serverRole: server.flags.get('assume-role-arn') ?? '',
    baseArn: server.flags.get('role-base-arn') ?? '',
    sessionSeconds: secondsOf(server.flags.get('session-duration')),
  };
}

/** kube2iam likewise. */
export function kube2iamOf({ manifests, nodes }: WorldCluster): Kube2iamSettings | undefined {
  const program = manifests
    .flatMap(programsOf)
    .find(({ flags }) => flags.has('iam-role-session-ttl') || flags.has('namespace-restrictions'));
  if (!program) return nodes.kube2iam;
  const { flags } = program;
  return {
    restricted: flags.get('namespace-restrictions') === 'true',
    format: flags.get('namespace-restriction-format') === 'regexp' ? 'regexp' : 'glob',
    baseArn: flags.get('base-role-arn') ?? '',
    sessionSeconds: secondsOf(flags.get('iam-role-session-ttl')),
  };
}

function programsOf(manifest: unknown): readonly Program[] {
  const read = daemonSet.safeParse(manifest);
  if (!read.success) return [];
  return read.data.spec.template.spec.containers.map(({ image, args }) => ({
    image,
    flags: new Map(
      args.map((arg) => {
        const [, name = '', value = 'true'] = /^--([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
        return [name, value];
      }),
    ),
  }));
}

/** Go's durations, as far as they are generated: `900s`, `15m`. Default: 15 minutes. */
function secondsOf(duration = '15m'): number {
  const [, number, unit] = /^(\d+)([smh])$/.exec(duration) ?? [];
  if (number === undefined) throw new Error(`${duration} is no duration`);
  return Number(number) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
}
