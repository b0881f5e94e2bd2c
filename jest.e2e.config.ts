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

export default config;
