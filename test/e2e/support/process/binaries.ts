export { binary, dataFolder } from '../../../controlplane/cache.ts';
