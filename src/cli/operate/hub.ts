import {
  CoordinationV1Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderMiddleware,
  type ConfigurationOptions,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import type { CliIo } from '../io.ts';
import { hubError, isConflict, isMissing, type Doing } from './hub-error.ts';
import { loadHubAccess } from './kube-config.ts';
import type { HubOptions } from './options.ts';
import type { RecordPlace } from './place.ts';

/** Whom the API server names as the writer of what an operator asks for. */
export const fieldManager = 'rollcall-cli';
/** How long one answer is waited for. Milliseconds. */
const patienceMs = 30_000;

/** A ConfigMap, as far as it matters here. */
export interface StoredConfigMap {
  readonly data: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
}

/** The Lease of a restart, as far as it matters here. */
export interface StoredLease {
  /** Empty: nobody's. */
  readonly holder: string;
  /** By the holder's clock, in milliseconds since the epoch; `NaN` before the first. */
  readonly renewedAt: number;
}

/** The hub, as this operator may use it. Every call may throw `UserError` `hub/…`. */
export interface Hub {
  /** The context and the ConfigMap, for people: `context ci, ConfigMap sts/nightly-record-0`. */
  readonly where: string;
  record(): Promise<StoredConfigMap>;
  /** `undefined` where there is none. */
  plan(): Promise<StoredConfigMap | undefined>;
  /** `undefined` where it can't be read, for whatever reason: what it tells is said besides. */
  lease(): Promise<StoredLease | undefined>;
  /**
   * Sets annotations of the record, or takes them away (`null`), if nothing else was written since.
   *
   * @param resourceVersion absent: whatever else was written
   */
  annotate(
    changes: Readonly<Record<string, string | null>>,
    resourceVersion?: string,
  ): Promise<'written' | 'conflict'>;
}

/** @throws UserError `hub/kubeconfig`; the hub itself is not asked yet */
export function openHub(io: CliIo, place: RecordPlace, options: HubOptions): Hub {
  const access = loadHubAccess(io, options);
  const api = access.config.makeApiClient(CoreV1Api);
  const leases = access.config.makeApiClient(CoordinationV1Api);
  const { namespace, configMap, planConfigMap, lease } = place;
  const doing = (verb: Doing['verb'], name: string): Doing => ({ verb, name, namespace, access });
  const read = async (name: string): Promise<V1ConfigMap> =>
    api.readNamespacedConfigMap({ name, namespace }, limited('Accept', 'application/json'));

  return {
    where: `context ${access.context}, ConfigMap ${namespace}/${configMap}`,
    async record() {
      try {
        return stored(await read(configMap));
      } catch (error) {
        throw hubError(error, doing('get', configMap));
      }
    },
    async plan() {
      try {
        return stored(await read(planConfigMap));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw hubError(error, doing('get', planConfigMap));
      }
    },
    async lease() {
      const accept = limited('Accept', 'application/json');
      try {
        const { spec } = await leases.readNamespacedLease({ name: lease, namespace }, accept);
        // The client leaves a MicroTime as the text that it is.
        const renewedAt = new Date(spec?.renewTime ?? Number.NaN).getTime();
        return { holder: spec?.holderIdentity ?? '', renewedAt };
      } catch {
        return undefined;
      }
    },
    async annotate(changes, resourceVersion) {
      const body = {
        metadata: { ...(resourceVersion && { resourceVersion }), annotations: changes },
      };
      const mergePatch = limited('Content-Type', PatchStrategy.MergePatch);
      try {
        const request = { name: configMap, namespace, body, fieldManager };
        await api.patchNamespacedConfigMap(request, mergePatch);
        return 'written';
      } catch (error) {
        if (isConflict(error)) return 'conflict';
        throw hubError(error, doing('patch', configMap));
      }
    },
  };
}

const stored = ({ data, metadata }: V1ConfigMap): StoredConfigMap => ({
  data: data ?? {},
  annotations: metadata?.annotations ?? {},
  resourceVersion: metadata?.resourceVersion ?? '',
});

/** One header, and no more than our patience: a server that hangs ends in an error, not in silence. */
export function limited(name: string, value: string): ConfigurationOptions {
  const header = setHeaderMiddleware(name, value);
  const limited: typeof header = {
    pre: (request) => {
      request.setSignal(AbortSignal.timeout(patienceMs));
      return header.pre(request);
    },
    post: (response) => header.post(response),
  };
  return { middleware: [limited], middlewareMergeStrategy: 'append' };
}
