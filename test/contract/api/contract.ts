import { afterAll, beforeAll } from '@jest/globals';
import { Api, type ApiLaboratory, type StartedApi } from './api.ts';
import { authorizationContract } from './authorization.ts';
import { evictionContract } from './evictions.ts';
import { hubContract } from './hub-objects.ts';
import { patchContract } from './patches.ts';
import { readContract } from './reads.ts';
import { rolloutContract } from './rollouts.ts';
import { setContract } from './sets.ts';
import { writeContract } from './writes.ts';

/** All that the job, the demo and our tests take for granted of a cluster's API. */
export function apiContract(laboratory: ApiLaboratory): void {
  let started: StartedApi | undefined;
  let api: Api | undefined;
  beforeAll(async () => {
    started = await laboratory.start();
    api = new Api(started);
  });
  afterAll(() => started?.close());
  const get = (): Api => {
    if (!api) throw new Error('the laboratory did not start');
    return api;
  };
  patchContract(get);
  authorizationContract(get);
  rolloutContract(get);
  setContract(get);
  evictionContract(get);
  hubContract(get);
  writeContract(get);
  readContract(get);
}
