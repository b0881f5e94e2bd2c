import type { Plugin } from 'esbuild';

/** Of undici what the job calls: its index loads fetch, WebSocket, caches and mocks too. */
export const undiciParts: Plugin = {
  name: 'undici-parts',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'parts' }));
    build.onLoad({ filter: /.*/, namespace: 'parts' }, () => ({
      resolveDir: build.initialOptions.absWorkingDir ?? '.',
      // The index, too, gives every Dispatcher its `request` (undici, index.js).
      contents: `
        require('undici/lib/dispatcher/dispatcher.js').prototype.request =
          require('undici/lib/api/api-request.js');
        exports.Agent = require('undici/lib/dispatcher/agent.js');
        exports.errors = require('undici/lib/core/errors.js');`,
    }));
  },
};

/**
 * Files that the job does not reach with the options that it gives. Of undici: HTTP/2 is off, bodies
 * are text and never a FormData, and milo is a second parser. Of zod: messages in other languages,
 * which `import { z }` would keep (English has a file of its own).
 */
const unreachable =
  /\/(?:undici\/lib\/(?:dispatcher\/(?:client-h2|parser-h1)\.js$|web\/)|zod\/v4\/locales\/index\.js$)/;

/**
 * What is loaded for nothing. The SDK's default chain of credentials is part of it: the job gives
 * each client its own, or none.
 */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    build.onLoad({ filter: unreachable }, () => ({ contents: '' }));
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path }) => ({
      path,
      namespace: 'none',
    }));
    build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({
      contents: `export const defaultProvider = () => () =>
        Promise.reject(new Error('there are no default credentials in the job'));`,
    }));
  },
};
