export * from '../../support/kube-client.ts';
