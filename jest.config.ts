import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  maxWorkers: '100%',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/test/e2e/'],
  extensionsToTreatAsEsm: ['.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/fixed-seed.ts'],
  // Against what hangs. A loaded machine is slow, and no time is asserted.
  testTimeout: 60_000,
  transform: { '\\.ts$': '<rootDir>/test/strip-types.mjs' },
  // Worker processes keep their module registry for many files; recycle them before they swell.
  workerIdleMemoryLimit: '1GB',
};

export default config;
