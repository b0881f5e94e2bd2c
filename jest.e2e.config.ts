import type { Config } from 'jest';
import base from './jest.config.ts';

/** The tests on the real control plane: one file at a time, as each starts clusters of its own. */
const config: Config = {
  ...base,
  maxWorkers: 1,
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: [],
  testTimeout: 300_000,
};
// It would put even one worker into a process of its own, which outlives a jest that is killed, and
// with it the clusters.
delete config.workerIdleMemoryLimit;

export default config;
