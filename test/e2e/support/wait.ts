export * from '../../support/wait.ts';
