import type { ExitName } from '../../../jobs/restart/exit-code.ts';
import type { ShardState } from '../hub.ts';
import { retrying, type Host } from './host.ts';
import { ShardClient } from './record-client.ts';

export type Opened =
  | { readonly kind: 'opened'; readonly shards: readonly ShardClient[] }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'exit'; readonly exit: ExitName };

/** Reads the record and claims it for this run, as `jobs/restart/record/open.ts` does, without promises. */
export function openShards(host: Host, done: (opened: Opened) => void): void {
  const { hub, job } = host;
  const count = job.plan.record.configMaps.length;
  const states: ShardState[] = [];
  const scope = { open: true };
  const read = (index: number): void => {
    if (index === count) {
      judge();
      return;
    }
    retrying(
      host,
      scope,
      {
        to: 'hub',
        doing: `read record-${index}`,
        serve: () => hub.read(index),
        answer: (reply) => {
          if (!reply.ok) {
            done({ kind: 'exit', exit: reply.trouble.transient ? 'retryable' : 'incomplete' });
            return;
          }
          states.push(reply.value);
          read(index + 1);
        },
      },
      5,
    );
  };
  const judge = (): void => {
    const contents = states.map(({ content }) => content);
    const isOther = contents.some(
      ({ instant, planDigest }) => instant === job.instant && planDigest !== job.digest,
    );
    if (contents.some(({ instant = -Infinity }) => instant > job.instant)) {
      done({ kind: 'superseded' });
    } else if (isOther) done({ kind: 'exit', exit: 'misconfigured' });
    else claim(states.map((state, index) => new ShardClient(host, scope, index, state)));
  };
  // The first one last: it carries the progress.
  const claim = (shards: readonly ShardClient[], left = shards.length): void => {
    const next = shards[left - 1];
    if (!next) {
      done({ kind: 'opened', shards });
      return;
    }
    next.claim((result) => {
      if (result === 'done') claim(shards, left - 1);
      else if (result === 'superseded') done({ kind: 'superseded' });
      else done({ kind: 'exit', exit: result.trouble.transient ? 'retryable' : 'incomplete' });
    });
  };
  read(0);
}
